"""Haystack's Agent over OpenAI; the agent runs the tools, the app keeps the history."""

import sys

from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, FileContent, ImageContent
from haystack.tools import Tool
from haystack.utils import Secret

from native_tracers import NativeTracer
from play import Completion, Player, ToolFailed, read_play, text_of
from sdk_tracers import TRACERS


class HaystacksOwn(NativeTracer):
    """Haystack's tracing, sent to OpenTelemetry, with content."""

    def setup(self):
        super().setup()
        from haystack import tracing
        from haystack_integrations.tracing.opentelemetry import OpenTelemetryTracer
        from opentelemetry import trace

        tracing.tracer.is_content_tracing_enabled = self.scenario.get("capture", True)
        tracing.enable_tracing(OpenTelemetryTracer(trace.get_tracer("haystack")))


class HaystackAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return ChatMessage.from_user(content_parts=[text, *map(piece, attachments)])

    def assistant(self, text):
        return ChatMessage.from_assistant(text)

    def answer(self, request):
        heard = []

        def listen(chunk):
            if chunk.content:
                heard.append(chunk.content)
            if len(heard) == request.abandon_after:
                raise Left

        try:
            messages = self.agent(request).run(
                messages=request.messages, streaming_callback=listen if request.stream else None
            )["messages"]
        except Exception:
            if len(heard) != request.abandon_after:
                raise
            return [self.assistant("".join(heard))]
        return [message for message in messages if message.role != "system"][len(request.messages) :]

    def complete(self, request):
        return Completion(messages=[], text=self.agent(request).run(messages=request.messages)["last_message"].text)

    def agent(self, request):
        form = {"response_format": response_format(request.schema)} if request.schema else {}
        generator = OpenAIChatGenerator(
            api_key=Secret.from_token(request.thread.key),
            api_base_url=f"{self.play['providerUrl']}/v1",
            model="gpt-4o-mini",
            max_retries=0,
            generation_kwargs=form,
        )
        tools = [self.tool(request, tool) for tool in request.tools]
        return Agent(chat_generator=generator, tools=tools, system_prompt=request.system)

    def tool(self, request, tool):
        def call(**arguments):
            try:
                return text_of(self.player.run_tool(request.thread, tool, arguments))
            except ToolFailed as failure:
                return str(failure)

        return Tool(name=tool["name"], description=tool["description"], parameters=tool["parameters"], function=call)


class Left(Exception):
    """The reader of a stream has gone."""


def piece(item):
    if item["kind"] == "image":
        return ImageContent(base64_image=item["base64"], mime_type=item["mimeType"])
    return FileContent(base64_data=item["base64"], mime_type=item["mimeType"], filename=item["name"])


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


if __name__ == "__main__":
    play = read_play()
    name = sys.argv[1]
    tracer = HaystacksOwn(play) if name == "own" else TRACERS[name](play, "haystack")
    app = HaystackAgent(play)
    app.player = Player(play, app, tracer)
    app.player.run()
