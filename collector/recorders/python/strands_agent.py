"""Strands Agents over OpenAI or Bedrock; the agent runs the tools, the app keeps the history."""

import asyncio
import sys

from native_tracers import NativeTracer, is_named
from play import Completion, Player, read_play, text_of, ToolFailed


class StrandsEvents(NativeTracer):
    """One event for each message, as it is without opting in."""

    hidden = {"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_unredacted_attributes="}


class StrandsDetails(NativeTracer):
    """The newest conventions, opted in."""

    environment = {"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental"}
    hidden = {"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental,gen_ai_unredacted_attributes="}


class StrandsAgent:
    def __init__(self, play, model):
        self.play = play
        self.model = getattr(self, model)

    def openai(self, request):
        from strands.models.openai import OpenAIModel

        client = {"api_key": request.thread.key, "base_url": f"{self.play['providerUrl']}/v1", "max_retries": 0}
        params = {"response_format": response_format(request.schema)} if request.schema else {}
        return OpenAIModel(client_args=client, model_id="gpt-4o-mini", params=params)

    def bedrock(self, request):
        import boto3
        from botocore.config import Config
        from strands.models import BedrockModel

        session = boto3.Session(
            aws_access_key_id=request.thread.key, aws_secret_access_key="none", region_name="eu-central-2"
        )
        return BedrockModel(
            boto_session=session,
            endpoint_url=self.play["providerUrl"],
            boto_client_config=Config(retries={"total_max_attempts": 1}),
            model_id="anthropic.claude-sonnet-4-20250514-v1:0",
            streaming=request.stream,
        )

    def user(self, text, attachments):
        return {"role": "user", "content": [{"text": text}, *map(block, attachments)]}

    def assistant(self, text):
        return {"role": "assistant", "content": [{"text": text}]}

    def answer(self, request):
        *history, question = request.messages
        agent = self.agent(request, history)
        if request.abandon_after:
            return [self.assistant(asyncio.run(abandon(agent, question, request.abandon_after)))]
        agent(question["content"])
        return agent.messages[len(history) + 1 :]

    def complete(self, request):
        *history, question = request.messages
        return Completion(messages=[], text=str(self.agent(request, history)(question["content"])).strip())

    def agent(self, request, history):
        from strands import Agent

        ids = {"session.id": request.thread.thread_id, "user.id": request.thread.user_id}
        agent = Agent(
            name=request.agent,
            model=self.model(request),
            system_prompt=request.system,
            messages=[*history],
            trace_attributes=ids if is_named(self.play) else None,
            callback_handler=None,
            retry_strategy=None,
        )
        for tool in request.tools:
            agent.tool_registry.register_tool(self.tool(request, agent, tool))
        return agent

    def tool(self, request, agent, tool):
        from strands.tools.tools import PythonAgentTool

        def call(use, **_):
            try:
                text, status = text_of(self.player.run_tool(request.thread, tool, use["input"])), "success"
            except ToolFailed as failure:
                text, status = str(failure), "error"
            agent.system_prompt = request.thread.system
            return {"toolUseId": use["toolUseId"], "status": status, "content": [{"text": text}]}

        spec = {key: tool[key] for key in ("name", "description")}
        return PythonAgentTool(tool["name"], {**spec, "inputSchema": {"json": tool["parameters"]}}, call)


async def abandon(agent, question, count):
    pieces = []
    events = agent.stream_async(question["content"])
    async for event in events:
        if "data" in event:
            pieces.append(event["data"])
        if len(pieces) == count:
            break
    await events.aclose()
    return "".join(pieces)


def block(item):
    if item["kind"] == "image":
        return {"image": {"format": item["mimeType"].split("/")[1], "source": {"bytes": item["bytes"]}}}
    return {"document": {"name": "ticket", "format": "pdf", "source": {"bytes": item["bytes"]}}}


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


TRACERS = {"events": StrandsEvents, "details": StrandsDetails}

if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[2]](play)
    app = StrandsAgent(play, sys.argv[1])
    app.player = Player(play, app, tracer)
    app.player.run()
