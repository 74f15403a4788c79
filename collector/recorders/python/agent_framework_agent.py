"""Microsoft Agent Framework over OpenAI; the agent runs the tools, the app keeps the history."""

import asyncio
import sys

from agent_framework import Agent, Content, FunctionTool, Message
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatClient, OpenAIChatCompletionClient
from openai import AsyncOpenAI

from native_tracers import NativeLogsTracer, NativeTracer
from play import Completion, Player, ToolFailed, read_play, text_of


class AgentFrameworkSpans(NativeTracer):
    """Messages in the attributes of spans."""

    def setup(self):
        super().setup()
        enable_instrumentation(enable_sensitive_data=self.scenario.get("capture", True), enable_message_events=False)


class AgentFrameworkLogs(NativeLogsTracer):
    """Messages in the attributes of spans, and once more in one log record each."""

    def setup(self):
        super().setup()
        enable_instrumentation(enable_sensitive_data=self.scenario.get("capture", True), enable_message_events=True)


CLIENTS = {"chat": OpenAIChatCompletionClient, "responses": OpenAIChatClient}


class AgentFrameworkAgent:
    def __init__(self, play, api):
        self.play = play
        self.api = api

    def user(self, text, attachments):
        media = [Content.from_data(data=item["bytes"], media_type=item["mimeType"]) for item in attachments]
        return Message(role="user", contents=[Content.from_text(text), *media])

    def assistant(self, text):
        return Message(role="assistant", contents=[Content.from_text(text)])

    def answer(self, request):
        return asyncio.run(self.run(request)).messages

    def complete(self, request):
        return Completion(messages=[], text=asyncio.run(self.run(request)).text)

    async def run(self, request):
        client = CLIENTS[self.api](
            model="gpt-4o-mini",
            async_client=AsyncOpenAI(
                base_url=f"{self.play['providerUrl']}/v1", api_key=request.thread.key, max_retries=0
            ),
        )
        agent = Agent(
            client=client,
            name=request.agent,
            instructions=request.system,
            tools=[self.tool(request, tool) for tool in request.tools],
        )
        options = {"response_format": response_format(request.schema)} if request.schema else None
        if not request.stream:
            return await agent.run(request.messages, options=options)
        stream = agent.run(request.messages, stream=True, options=options)
        if request.abandon_after:
            return await self.abandon(stream, request.abandon_after)
        async for _ in stream:
            pass
        return await stream.get_final_response()

    async def abandon(self, stream, count):
        from agent_framework import AgentResponse

        pieces = []
        async for update in stream:
            if update.text:
                pieces.append(update.text)
            if len(pieces) == count:
                break
        return AgentResponse(messages=[self.assistant("".join(pieces))])

    def tool(self, request, tool):
        async def call(**arguments):
            try:
                return text_of(await asyncio.to_thread(self.player.run_tool, request.thread, tool, arguments))
            except ToolFailed as failure:
                return str(failure)

        return FunctionTool(
            name=tool["name"], description=tool["description"], func=call, input_model=tool["parameters"]
        )


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


TRACERS = {"spans": AgentFrameworkSpans, "logs": AgentFrameworkLogs}

if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[2]](play)
    app = AgentFrameworkAgent(play, sys.argv[1])
    app.player = Player(play, app, tracer)
    app.player.run()
