"""Semantic Kernel's ChatCompletionAgent over OpenAI; the agent runs the tools, the app keeps the history."""

import asyncio
import logging

from native_tracers import NativeLogsTracer
from play import Completion, Player, ToolFailed, read_play, text_of

SWITCH = "SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS"


class SemanticKernelLogs(NativeLogsTracer):
    """Spans without messages, and a log record for each message, handed on by Python's logging."""

    environment = {SWITCH: "true", f"{SWITCH}_SENSITIVE": "true"}
    hidden = {f"{SWITCH}_SENSITIVE": "false"}

    def setup(self):
        super().setup()
        from opentelemetry.sdk._logs import LoggingHandler

        handler = LoggingHandler(logger_provider=self.logs)
        handler.addFilter(logging.Filter("semantic_kernel"))
        handler.addFilter(without_path)
        logging.getLogger().addHandler(handler)
        logging.getLogger("semantic_kernel").setLevel(logging.INFO)


def without_path(record):
    """Where the code lies is of this machine, and is told with every record."""
    record.pathname = record.filename
    return True


class SemanticKernelAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        from semantic_kernel.contents import ChatMessageContent, ImageContent, TextContent

        images = [
            ImageContent(data=item["bytes"], mime_type=item["mimeType"], data_format="base64") for item in attachments
        ]
        return ChatMessageContent(role="user", items=[TextContent(text=text), *images])

    def assistant(self, text):
        from semantic_kernel.contents import ChatMessageContent

        return ChatMessageContent(role="assistant", content=text)

    def answer(self, request):
        return asyncio.run(self.run(request))

    def complete(self, request):
        return Completion(messages=[], text=asyncio.run(self.run(request))[-1].content)

    async def run(self, request):
        from semantic_kernel.agents import ChatCompletionAgent, ChatHistoryAgentThread
        from semantic_kernel.contents import ChatHistory

        *history, question = request.messages
        thread = ChatHistoryAgentThread(chat_history=ChatHistory(messages=[*history]), thread_id=request.thread.thread_id)
        agent = ChatCompletionAgent(
            service=self.service(request),
            name=request.agent,
            instructions=request.system,
            kernel=self.kernel(request),
            arguments=self.settings(request),
        )
        if request.abandon_after:
            return [self.assistant(await abandon(agent, thread, question, request.abandon_after))]
        if request.stream:
            async for _ in agent.invoke_stream(messages=[question], thread=thread):
                pass
        else:
            await agent.get_response(messages=[question], thread=thread)
        return [message async for message in thread.get_messages()][len(history) + 1 :]

    def service(self, request):
        from openai import AsyncOpenAI
        from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion

        client = AsyncOpenAI(base_url=f"{self.play['providerUrl']}/v1", api_key=request.thread.key, max_retries=0)
        return OpenAIChatCompletion(ai_model_id="gpt-4o-mini", async_client=client)

    def settings(self, request):
        from semantic_kernel.connectors.ai.open_ai import OpenAIChatPromptExecutionSettings
        from semantic_kernel.functions import KernelArguments

        form = {"response_format": response_format(request.schema)} if request.schema else {}
        return KernelArguments(settings=OpenAIChatPromptExecutionSettings(**form))

    def kernel(self, request):
        from semantic_kernel import Kernel
        from semantic_kernel.functions import KernelFunctionFromMethod

        kernel = Kernel()
        tools = [KernelFunctionFromMethod(self.tool(request, tool), plugin_name="app") for tool in request.tools]
        if tools:
            kernel.add_functions(plugin_name="app", functions=tools)
        return kernel

    def tool(self, request, tool):
        from semantic_kernel.functions import kernel_function

        async def call(argument):
            arguments = {tool["parameters"]["required"][0]: argument}
            try:
                return text_of(await asyncio.to_thread(self.player.run_tool, request.thread, tool, arguments))
            except ToolFailed as failure:
                return str(failure)

        return kernel_function(named(call, tool["parameters"]["required"][0]), name=tool["name"], description=tool["description"])


def named(call, argument):
    """The same function with its argument named as the tool has it: the kernel reads signatures."""
    scope = {"call": call}
    exec(f"async def tool({argument}: str) -> str:\n    return await call({argument})", scope)
    return scope["tool"]


async def abandon(agent, thread, question, count):
    pieces = []
    answers = agent.invoke_stream(messages=[question], thread=thread)
    async for answer in answers:
        if answer.message.content:
            pieces.append(answer.message.content)
        if len(pieces) == count:
            break
    await answers.aclose()
    return "".join(pieces)


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


if __name__ == "__main__":
    play = read_play()
    tracer = SemanticKernelLogs(play)
    app = SemanticKernelAgent(play)
    app.player = Player(play, app, tracer)
    app.player.run()
