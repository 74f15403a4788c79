"""Anthropic's Python SDK over Messages, the history kept by the app."""

import sys

from play import Completion, Player, read_play
from sdk_tracers import TRACERS

MODEL = "claude-sonnet-4-5"
MAX_TOKENS = 1024


class AnthropicMessages:
    def __init__(self, play):
        self.play = play
        self.clients = {}

    def client(self, key):
        import anthropic

        if key not in self.clients:
            self.clients[key] = anthropic.Anthropic(base_url=self.play["providerUrl"], api_key=key, max_retries=0)
        return self.clients[key]

    def user(self, text, attachments):
        if not attachments:
            return {"role": "user", "content": text}
        blocks = [
            {
                "type": "image" if item["kind"] == "image" else "document",
                "source": {"type": "base64", "media_type": item["mimeType"], "data": item["base64"]},
            }
            for item in attachments
        ]
        return {"role": "user", "content": [{"type": "text", "text": text}, *blocks]}

    def assistant(self, text):
        return {"role": "assistant", "content": text}

    def tool_result(self, call, text, is_error):
        result = {"type": "tool_result", "tool_use_id": call["id"], "content": text}
        return {**result, "is_error": True} if is_error else result

    def tool_results(self, results):
        """All results of one answer go back in one message."""
        return [{"role": "user", "content": results}]

    def complete(self, request):
        body = {
            "model": MODEL,
            "max_tokens": MAX_TOKENS,
            "system": request.system,
            "messages": request.messages,
        }
        if request.tools:
            body["tools"] = [
                {"name": tool["name"], "description": tool["description"], "input_schema": tool["parameters"]}
                for tool in request.tools
            ]
        if request.schema:
            body["output_config"] = {"format": {"type": "json_schema", "schema": request.schema}}
        messages = self.client(request.thread.key).messages
        if not request.stream:
            return completion(messages.create(**body))
        if request.abandon_after:
            return self.abandon(messages.create(stream=True, **body), request.abandon_after)
        with messages.stream(**body) as stream:
            for _ in stream.text_stream:
                pass
            return completion(stream.get_final_message())

    def abandon(self, stream, after):
        text, pieces = "", 0
        for event in stream:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                text += event.delta.text
                pieces += 1
            if pieces == after:
                stream.close()
                break
        return Completion(messages=[self.assistant(text)], text=text)


def completion(message):
    text = "".join(block.text for block in message.content if block.type == "text")
    calls = [
        {"id": block.id, "name": block.name, "arguments": block.input}
        for block in message.content
        if block.type == "tool_use"
    ]
    content = [block.model_dump(exclude_none=True) for block in message.content]
    return Completion(messages=[{"role": "assistant", "content": content}], text=text, tool_calls=calls)


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play, "anthropic")
    Player(play, AnthropicMessages(play), tracer).run()
