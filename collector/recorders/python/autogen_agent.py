"""AutoGen's AssistantAgent over OpenAI; the agent runs the tools, the app keeps the messages."""

import asyncio

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.messages import ModelClientStreamingChunkEvent
from autogen_core.model_context import UnboundedChatCompletionContext
from autogen_core.models import AssistantMessage, UserMessage
from autogen_core.tools import FunctionTool
from autogen_ext.models.openai import OpenAIChatCompletionClient

from play import Completion, Player, ToolFailed, read_play, text_of
from sdk_tracers import OpenInference


class AutoGenAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return UserMessage(content=text, source="user")

    def assistant(self, text):
        return AssistantMessage(content=text, source="colette")

    def answer(self, request):
        return asyncio.run(self.run(request))

    def complete(self, request):
        return Completion(messages=[], text=asyncio.run(self.run(request))[-1].content)

    async def run(self, request):
        *history, question = request.messages
        context = UnboundedChatCompletionContext(initial_messages=[*history])
        client = OpenAIChatCompletionClient(
            model="gpt-4o-mini",
            api_key=request.thread.key,
            base_url=f"{self.play['providerUrl']}/v1",
            max_retries=0,
            include_name_in_message=False,
            **({"response_format": response_format(request.schema)} if request.schema else {}),
        )
        agent = AssistantAgent(
            request.agent,
            model_client=client,
            tools=[self.tool(request, tool) for tool in request.tools],
            system_message=request.system,
            model_context=context,
            model_client_stream=request.stream,
            reflect_on_tool_use=True,
            max_tool_iterations=5,
        )
        pieces = []
        events = agent.run_stream(task=question.content)
        async for event in events:
            if isinstance(event, ModelClientStreamingChunkEvent):
                pieces.append(event.content)
            if request.abandon_after and len(pieces) == request.abandon_after:
                return [self.assistant("".join(pieces))]
        return (await context.get_messages())[len(history) + 1 :]

    def tool(self, request, tool):
        async def call(argument: str) -> str:
            arguments = {tool["parameters"]["required"][0]: argument}
            try:
                return text_of(await asyncio.to_thread(self.player.run_tool, request.thread, tool, arguments))
            except ToolFailed as failure:
                return str(failure)

        return FunctionTool(named(call, tool["parameters"]["required"][0]), tool["description"], name=tool["name"])


def named(call, argument):
    """The same function with its argument named as the tool has it: AutoGen reads signatures."""
    scope = {"call": call}
    exec(f"async def tool({argument}: str) -> str:\n    return await call({argument})", scope)
    return scope["tool"]


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


if __name__ == "__main__":
    play = read_play()
    tracer = OpenInference(play, "openai")
    app = AutoGenAgent(play)
    app.player = Player(play, app, tracer)
    app.player.run()
