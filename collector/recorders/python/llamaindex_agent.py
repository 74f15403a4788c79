"""LlamaIndex's FunctionAgent over OpenAI; the agent runs the tools, the app keeps the history."""

import asyncio
import sys

from llama_index.core.agent.workflow import AgentStream, FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, DocumentBlock, ImageBlock, TextBlock
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai import OpenAI

from play import Completion, Player, read_play, text_of
from sdk_tracers import TRACELOOP, TRACERS, Traceloop


class LlamaIndexTraceloop(Traceloop):
    """The agent's spans and, below them, those of the model's SDK: it leaves OpenAI's calls to those."""

    def setup(self):
        super().setup()
        self.instrument(*TRACELOOP["openai"])


class LlamaIndexAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return ChatMessage(role="user", blocks=[TextBlock(text=text), *map(block, attachments)])

    def assistant(self, text):
        return ChatMessage(role="assistant", content=text)

    def answer(self, request):
        return asyncio.run(self.run(request))

    def complete(self, request):
        return Completion(messages=[], text=self.answer(request)[-1].content)

    async def run(self, request):
        llm = OpenAI(
            model="gpt-4o-mini",
            api_base=f"{self.play['providerUrl']}/v1",
            api_key=request.thread.key,
            max_retries=0,
            additional_kwargs={"response_format": response_format(request.schema)} if request.schema else {},
        )
        agent = FunctionAgent(
            name=request.agent, llm=llm, system_prompt=request.system, streaming=request.stream, timeout=None
        )
        agent.tools = [self.tool(request, agent, tool) for tool in request.tools]
        *history, question = request.messages
        memory = ChatMemoryBuffer.from_defaults(token_limit=10_000_000)
        handler = agent.run(user_msg=question, chat_history=history, memory=memory)
        if request.abandon_after:
            return [self.assistant(await self.abandon(handler, request.abandon_after))]
        await handler
        memory = await handler.ctx.store.get("memory")  # a copy of the one it was given
        return (await memory.aget_all())[len(history) + 1 :]

    async def abandon(self, handler, count):
        pieces = []
        async for event in handler.stream_events():
            if isinstance(event, AgentStream) and event.delta:
                pieces.append(event.delta)
            if len(pieces) == count:
                await handler.cancel_run()
                break
        return "".join(pieces)

    def tool(self, request, agent, tool):
        def call(**arguments):
            result = self.player.run_tool(request.thread, tool, arguments)
            agent.system_prompt = request.thread.system
            return text_of(result)

        argument = tool["parameters"]["required"][0]
        call.__annotations__ = {argument: str}
        return FunctionTool.from_defaults(
            fn=call, name=tool["name"], description=tool["description"], fn_schema=schema_of(tool["name"], argument)
        )


def schema_of(name, argument):
    from pydantic import create_model

    return create_model(name, **{argument: (str, ...)})


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


def block(item):
    if item["kind"] == "image":
        return ImageBlock(image=item["bytes"], image_mimetype=item["mimeType"])
    return DocumentBlock(data=item["bytes"], document_mimetype=item["mimeType"], title=item["name"])


if __name__ == "__main__":
    play = read_play()
    app = LlamaIndexAgent(play)
    tracers = {**TRACERS, "traceloop": LlamaIndexTraceloop}
    app.player = Player(play, app, tracers[sys.argv[1]](play, "llamaindex"))
    app.player.run()
