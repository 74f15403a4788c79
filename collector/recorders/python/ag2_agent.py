"""AG2's Agent over OpenAI: a stream holds the conversation's events, which the app hands back each turn."""

import asyncio
import sys
from inspect import Parameter, Signature

from ag2 import Agent, DocumentInput, ImageInput, MemoryStream
from ag2.config import OpenAIConfig
from ag2.events import ModelMessage, ModelRequest, ModelResponse, TextInput
from ag2.middleware.builtin.telemetry import TelemetryMiddleware
from ag2.tools import tool as as_tool
from native_tracers import NativeTracer
from play import Completion, Player, ToolFailed, read_play, text_of
from pydantic import create_model


class Ag2Agent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return ModelRequest([TextInput(text), *map(piece, attachments)])

    def assistant(self, text):
        return ModelResponse(message=ModelMessage(text))

    def answer(self, request):
        return asyncio.run(self.run(request))

    def complete(self, request):
        return Completion(messages=[], text=self.answer(request)[-1].content)

    async def run(self, request):
        *history, question = request.messages
        stream = MemoryStream()
        await stream.history.replace(history)
        config = OpenAIConfig(
            model="gpt-4o-mini",
            api_key=request.thread.key,
            base_url=f"{self.play['providerUrl']}/v1",
            max_retries=0,
            streaming=request.stream,
        )
        agent = Agent(
            request.agent,
            prompt=request.system,
            config=config,
            tools=[self.tool(request, tool) for tool in request.tools],
            middleware=[self.telemetry(request)],
        )
        await agent.ask(*question.parts, stream=stream, **self.form(request))
        return list(await stream.history.get_events())[len(history) + 1 :]

    def form(self, request):
        if not request.schema:
            return {}
        kinds = {"string": str, "integer": int, "number": float, "boolean": bool}
        fields = {name: (kinds[field["type"]], ...) for name, field in request.schema["properties"].items()}
        return {"response_schema": create_model("Answer", **fields)}

    def telemetry(self, request):
        named = "threadIdOn" not in self.play["scenario"]
        thread = request.thread
        return TelemetryMiddleware(
            agent_name=request.agent,
            provider_name="openai",
            capture_content=self.play["scenario"].get("capture", True),
            max_tool_result_chars=None,
            span_attributes={"session.id": thread.thread_id, "user.id": thread.user_id} if named else {},
        )

    def tool(self, request, tool):
        def call(**arguments):
            try:
                return text_of(self.player.run_tool(request.thread, tool, arguments))
            except ToolFailed as failure:
                return str(failure)

        [argument] = tool["parameters"]["required"]
        call.__signature__ = Signature([Parameter(argument, Parameter.KEYWORD_ONLY, annotation=str)])
        return as_tool(call, name=tool["name"], description=tool["description"], schema=tool["parameters"])


def piece(item):
    kind = ImageInput if item["kind"] == "image" else DocumentInput
    return kind(data=item["bytes"], media_type=item["mimeType"])


if __name__ == "__main__":
    play = read_play()
    app = Ag2Agent(play)
    app.player = Player(play, app, NativeTracer(play))
    app.player.run()
