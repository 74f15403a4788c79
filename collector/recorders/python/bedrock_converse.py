"""AWS's Python SDK over Bedrock Converse, the history kept by the app."""

import sys

from play import Completion, Player, read_play
from sdk_tracers import TRACERS

MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"


class BedrockConverse:
    def __init__(self, play):
        self.play = play
        self.clients = {}

    def client(self, key):
        import boto3
        from botocore.config import Config

        if key not in self.clients:
            self.clients[key] = boto3.client(
                "bedrock-runtime",
                region_name="eu-central-1",
                endpoint_url=self.play["providerUrl"],
                aws_access_key_id=key,
                aws_secret_access_key="none",
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self.clients[key]

    def user(self, text, attachments):
        blocks = []
        for item in attachments:
            kind, file_format = ("image", "png") if item["kind"] == "image" else ("document", "pdf")
            named = {} if kind == "image" else {"name": "ticket"}
            blocks.append({kind: {"format": file_format, "source": {"bytes": item["bytes"]}, **named}})
        return {"role": "user", "content": [{"text": text}, *blocks]}

    def assistant(self, text):
        return {"role": "assistant", "content": [{"text": text}]}

    def tool_result(self, call, text, is_error):
        result = {"toolUseId": call["id"], "content": [{"text": text}], "status": "error" if is_error else "success"}
        return {"toolResult": result}

    def tool_results(self, results):
        """All results of one answer go back in one message."""
        return [{"role": "user", "content": results}]

    def complete(self, request):
        body = {"modelId": MODEL, "system": [{"text": request.system}], "messages": request.messages}
        if request.tools:
            body["toolConfig"] = {
                "tools": [
                    {
                        "toolSpec": {
                            "name": tool["name"],
                            "description": tool["description"],
                            "inputSchema": {"json": tool["parameters"]},
                        }
                    }
                    for tool in request.tools
                ]
            }
        client = self.client(request.thread.key)
        if not request.stream:
            return completion(client.converse(**body)["output"]["message"])
        return self.read(client.converse_stream(**body)["stream"], request)

    def read(self, stream, request):
        import json

        blocks, pieces = {}, 0
        for event in stream:
            if "contentBlockStart" in event:
                start = event["contentBlockStart"]
                blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"], "input": ""}}
            if "contentBlockDelta" in event:
                delta = event["contentBlockDelta"]["delta"]
                block = blocks.setdefault(event["contentBlockDelta"]["contentBlockIndex"], {})
                if "text" in delta:
                    block["text"] = block.get("text", "") + delta["text"]
                    pieces += 1
                if "toolUse" in delta:
                    block["toolUse"]["input"] += delta["toolUse"]["input"]
            if pieces == request.abandon_after:
                stream.close()
                break
        for block in blocks.values():
            if "toolUse" in block:
                block["toolUse"]["input"] = json.loads(block["toolUse"]["input"])
        return completion({"role": "assistant", "content": list(blocks.values())})


def completion(message):
    text = "".join(block["text"] for block in message["content"] if "text" in block)
    calls = [
        {"id": use["toolUseId"], "name": use["name"], "arguments": use["input"]}
        for use in (block["toolUse"] for block in message["content"] if "toolUse" in block)
    ]
    return Completion(messages=[message], text=text, tool_calls=calls)


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play, "bedrock")
    Player(play, BedrockConverse(play), tracer).run()
