"""Pydantic AI's agents; the app keeps their messages and names the conversation."""

import asyncio
import contextlib
import sys

from play import Completion, Player, ToolFailed, Tracer, export_logs, export_spans, read_play


class PydanticAgent:
    def __init__(self, play, provider):
        self.play = play
        self.scenario = play["scenario"]
        self.provider = provider
        self.names_threads = "threadIdOn" not in self.scenario

    def model(self, key):
        return MODELS[self.provider](self.play["providerUrl"], key, self.scenario)

    def user(self, text, attachments):
        from pydantic_ai.messages import BinaryContent, ModelRequest, UserPromptPart

        parts = [BinaryContent(item["bytes"], media_type=item["mimeType"]) for item in attachments]
        return ModelRequest([UserPromptPart([text, *parts] if parts else text)])

    def assistant(self, text):
        from pydantic_ai.messages import ModelResponse, TextPart

        return ModelResponse([TextPart(text)])

    def agent(self, request):
        from pydantic_ai import Agent, NativeOutput
        from pydantic_ai.output import StructuredDict

        output = NativeOutput(StructuredDict(request.schema, name="answer")) if request.schema else str
        thread = request.thread
        # Instructions are asked for before each model call: a hand-off changes them.
        changes = any("handOff" in tool for tool in request.tools)
        return Agent(
            self.model(thread.key),
            instructions=(lambda: thread.system) if changes else request.system,
            output_type=output,
            tools=[self.tool(request, tool) for tool in request.tools],
            name=request.agent,
        )

    def tool(self, request, tool):
        from pydantic_ai import Tool

        def run(**arguments):
            try:
                return request.run_tool(tool["name"], arguments)
            except ToolFailed as failure:
                return tell_failure(str(failure))

        return Tool.from_schema(run, tool["name"], tool["description"], tool["parameters"])

    def answer(self, request):
        *history, last = request.messages
        given = {"user_prompt": last.parts[0].content, "message_history": history}
        if self.names_threads:
            given["conversation_id"] = request.thread.thread_id
            given["metadata"] = {"user_id": request.thread.user_id}
        agent = self.agent(request)
        if request.abandon_after is not None:
            return asyncio.run(self.leave(agent, given, request.abandon_after))
        if request.stream:
            given["event_stream_handler"] = listen
        return asyncio.run(agent.run(**given)).new_messages()[1:]

    async def leave(self, agent, given, after):
        """Leaves the stream and keeps what it has."""
        heard = []
        async with agent.run_stream(**given) as result:
            async for piece in result.stream_text(delta=True, debounce_by=None):
                heard.append(piece)
                if len(heard) == after:
                    break
        return [self.assistant("".join(heard))]

    def complete(self, request):
        prompt = request.messages[0].parts[0].content
        return Completion([], asyncio.run(self.agent(request).run(prompt)).output)


def tell_failure(words):
    """What a tool's failure is to the model, without being asked to try again."""
    from pydantic_ai import exceptions

    if hasattr(exceptions, "ToolFailed"):  # since 2.x
        raise exceptions.ToolFailed(words)
    return words


async def listen(_, events):
    async for _ in events:
        pass


def openai_model(url, key, scenario):
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel, OpenAIResponsesModelSettings
    from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
    provider = OpenAIProvider(openai_client=client)
    if scenario.get("chained"):
        settings = OpenAIResponsesModelSettings(openai_previous_response_id="auto")
        return OpenAIResponsesModel("gpt-4o-mini", provider=provider, settings=settings)
    if thinks(scenario):
        settings = OpenAIResponsesModelSettings(openai_reasoning_effort="low", openai_reasoning_summary="auto")
        return OpenAIResponsesModel("o4-mini", provider=provider, settings=settings)
    return OpenAIChatModel("gpt-4o-mini", provider=provider)


def anthropic_model(url, key, scenario):
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(base_url=url, api_key=key, max_retries=0)
    thinking = {"type": "enabled", "budget_tokens": 1024}
    settings = AnthropicModelSettings(anthropic_thinking=thinking) if thinks(scenario) else None
    return AnthropicModel(
        "claude-sonnet-4-5", provider=AnthropicProvider(anthropic_client=client), settings=settings
    )


def thinks(scenario):
    return any("reasoning" in reply for step in scenario["steps"] for reply in step["replies"])


MODELS = {"openai": openai_model, "anthropic": anthropic_model}


class Native(Tracer):
    """Pydantic AI's own instrumentation, in a version of its format; version 1 may write log records."""

    def __init__(self, play, form):
        self.form = form
        super().__init__(play)

    def setup(self):
        from pydantic_ai import Agent
        from pydantic_ai.models.instrumented import InstrumentationSettings

        version, _, mode = self.form.partition("-")
        options = {"event_mode": mode} if mode else {}
        export_spans(self.play, self.service)
        self.logs = export_logs(self.play, self.service) if mode == "logs" else None
        content = self.scenario.get("capture", True)
        Agent.instrument_all(InstrumentationSettings(version=int(version), include_content=content, **options))

    @contextlib.contextmanager
    def conversation(self, thread):
        yield

    def flush(self):
        super().flush()
        if self.logs:
            self.logs.force_flush()

    def shutdown(self):
        super().shutdown()
        if self.logs:
            self.logs.shutdown()


if __name__ == "__main__":
    _, provider, form, _ = sys.argv
    play = read_play()
    tracer = Native(play, form)
    Player(play, PydanticAgent(play, provider), tracer).run()
