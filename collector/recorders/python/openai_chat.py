"""OpenAI's Python SDK over Chat Completions, the history kept by the app."""

import json
import sys

from play import Completion, Player, read_play
from sdk_tracers import TRACERS

MODEL = "gpt-4o-mini"


class OpenAIChat:
    def __init__(self, play):
        self.play = play
        self.clients = {}

    def client(self, key):
        import openai

        if key not in self.clients:
            self.clients[key] = openai.OpenAI(base_url=f"{self.play['providerUrl']}/v1", api_key=key, max_retries=0)
        return self.clients[key]

    def user(self, text, attachments):
        if not attachments:
            return {"role": "user", "content": text}
        parts = [{"type": "text", "text": text}]
        for item in attachments:
            url = f"data:{item['mimeType']};base64,{item['base64']}"
            if item["kind"] == "image":
                parts.append({"type": "image_url", "image_url": {"url": url}})
            else:
                parts.append({"type": "file", "file": {"filename": item["name"], "file_data": url}})
        return {"role": "user", "content": parts}

    def assistant(self, text):
        return {"role": "assistant", "content": text}

    def tool_result(self, call, text, is_error):
        return {"role": "tool", "tool_call_id": call["id"], "content": text}

    def complete(self, request):
        body = {
            "model": MODEL,
            "messages": [{"role": "system", "content": request.system}, *request.messages],
        }
        if request.tools:
            body["tools"] = [wire_tool(tool) for tool in request.tools]
        if request.schema:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": request.schema, "strict": True},
            }
        completions = self.client(request.thread.key).chat.completions
        if request.stream:
            return self.read(completions.create(stream=True, stream_options={"include_usage": True}, **body), request)
        message = completions.create(**body).choices[0].message
        calls = [
            {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
            for call in message.tool_calls or []
        ]
        return completion(message.content, calls)

    def read(self, stream, request):
        content, calls, pieces = None, {}, 0
        for chunk in stream:
            for choice in chunk.choices:
                if choice.delta.content:
                    content = (content or "") + choice.delta.content
                    pieces += 1
                for delta in choice.delta.tool_calls or []:
                    call = calls.setdefault(delta.index, {"id": delta.id, "name": delta.function.name, "arguments": ""})
                    call["arguments"] += delta.function.arguments or ""
            if pieces == request.abandon_after:
                stream.close()
                break
        return completion(content, list(calls.values()))


def completion(content, calls):
    message = {"role": "assistant", "content": content}
    if calls:
        message["tool_calls"] = [
            {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
            for call in calls
        ]
    parsed = [{**call, "arguments": json.loads(call["arguments"])} for call in calls]
    return Completion(messages=[message], text=content or "", tool_calls=parsed)


def wire_tool(tool):
    return {
        "type": "function",
        "function": {key: tool[key] for key in ("name", "description", "parameters")},
    }


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play, sys.argv[2] if len(sys.argv) > 3 else "openai")
    Player(play, OpenAIChat(play), tracer).run()
