"""OpenAI's Python SDK over Responses; the history is the app's, or the provider's where a scenario chains."""

import json
import sys

from openai_chat import OpenAIChat
from play import Completion, Player, read_play
from sdk_tracers import TRACERS

MODEL = "gpt-4o-mini"


class OpenAIResponses(OpenAIChat):
    def user(self, text, attachments):
        if not attachments:
            return {"role": "user", "content": text}
        parts = [{"type": "input_text", "text": text}]
        for item in attachments:
            url = f"data:{item['mimeType']};base64,{item['base64']}"
            if item["kind"] == "image":
                parts.append({"type": "input_image", "detail": "auto", "image_url": url})
            else:
                parts.append({"type": "input_file", "filename": item["name"], "file_data": url})
        return {"role": "user", "content": parts}

    def tool_result(self, call, text, is_error):
        return {"type": "function_call_output", "call_id": call["id"], "output": text}

    def complete(self, request):
        body = {"model": MODEL, "instructions": request.system, "input": request.messages}
        if request.tools:
            body["tools"] = [
                {"type": "function", "strict": False, **{key: tool[key] for key in ("name", "description", "parameters")}}
                for tool in request.tools
            ]
        if request.schema:
            body["text"] = {
                "format": {"type": "json_schema", "name": "answer", "schema": request.schema, "strict": True}
            }
        if request.previous_response_id:
            body["previous_response_id"] = request.previous_response_id
        responses = self.client(request.thread.key).responses
        if not request.stream:
            return completion(responses.create(**body))
        return self.read(responses.create(stream=True, **body), request)

    def read(self, stream, request):
        text, pieces = "", 0
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
                pieces += 1
            if event.type == "response.completed":
                return completion(event.response)
            if pieces == request.abandon_after:
                stream.close()
                break
        return Completion(messages=[self.assistant(text)], text=text)


def completion(response):
    calls = [
        {"id": item.call_id, "name": item.name, "arguments": json.loads(item.arguments)}
        for item in response.output
        if item.type == "function_call"
    ]
    items = [item.model_dump(exclude_none=True) for item in response.output]
    return Completion(messages=items, text=response.output_text, tool_calls=calls, response_id=response.id)


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play, sys.argv[2] if len(sys.argv) > 3 else "openai")
    Player(play, OpenAIResponses(play), tracer).run()
