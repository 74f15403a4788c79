"""OpenAI's Agents SDK, over Responses or Chat Completions; the app keeps the items."""

import asyncio
import json
import os
import sys

from openai_agents_tracers import TRACERS
from play import Completion, Player, ToolFailed, read_play


class OpenAIAgents:
    def __init__(self, play, tracer, api):
        self.play = play
        self.tracer = tracer
        self.api = api
        self.scenario = play["scenario"]

    def model(self, key):
        from agents import OpenAIChatCompletionsModel, OpenAIResponsesModel
        from openai import AsyncOpenAI

        client = AsyncOpenAI(base_url=f"{self.play['providerUrl']}/v1", api_key=key, max_retries=0)
        model = OpenAIChatCompletionsModel if self.api == "chat" else OpenAIResponsesModel
        return model(model="gpt-4o-mini", openai_client=client)

    def user(self, text, attachments):
        if not attachments:
            return {"role": "user", "content": text}
        parts = [{"type": "input_text", "text": text}]
        for item in attachments:
            url = f"data:{item['mimeType']};base64,{item['base64']}"
            if item["kind"] == "image":
                parts.append({"type": "input_image", "image_url": url, "detail": "auto"})
            else:
                parts.append({"type": "input_file", "filename": item["name"], "file_data": url})
        return {"role": "user", "content": parts}

    def assistant(self, text):
        return {"role": "assistant", "content": text}

    def settings(self):
        from agents import ModelSettings
        from openai.types.shared import Reasoning

        thinks = any("reasoning" in reply for step in self.scenario["steps"] for reply in step["replies"])
        reasoning = Reasoning(effort="low", summary="auto") if thinks else None
        return ModelSettings(reasoning=reasoning, include_usage=True)

    def agent(self, request):
        from agents import Agent

        hand_off = next((tool for tool in request.tools if "handOff" in tool), None)
        desk = hand_off and hand_off["handOff"]
        return Agent(
            name=request.agent,
            instructions=request.system,
            model=self.model(request.thread.key),
            model_settings=self.settings(),
            tools=[make_tool(tool, request) for tool in request.tools if tool is not hand_off],
            handoffs=[self.hand_off(hand_off, request)] if desk and desk["name"] != request.agent else [],
            output_type=make_output(request.schema) if request.schema else None,
        )

    def hand_off(self, tool, request):
        from agents import Agent, handoff
        from pydantic import BaseModel

        class Reason(BaseModel):
            reason: str

        def take_over(_, given: Reason):
            request.run_tool(tool["name"], {"reason": given.reason})

        booking = Agent(
            name=tool["handOff"]["name"],
            instructions=tool["handOff"]["system"],
            model=self.model(request.thread.key),
        )
        return handoff(
            booking,
            tool_name_override=tool["name"],
            tool_description_override=tool["description"],
            on_handoff=take_over,
            input_type=Reason,
        )

    def options(self, request):
        chained = self.scenario.get("chained", False)
        return {
            "run_config": self.tracer.run_config(request.thread),
            "auto_previous_response_id": chained,
            "previous_response_id": request.previous_response_id if chained else None,
        }

    def answer(self, request):
        chained = self.scenario.get("chained", False)
        given = request.messages[-1:] if chained else list(request.messages)
        result = asyncio.run(self.run(request, given))
        if isinstance(result, list):
            return result
        request.thread.previous_response_id = result.last_response_id
        return result.to_input_list()[len(given) :]

    async def run(self, request, given):
        from agents import Runner

        if not request.stream:
            return await Runner.run(self.agent(request), given, **self.options(request))
        result = Runner.run_streamed(self.agent(request), given, **self.options(request))
        heard = []
        async for event in result.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                heard.append(event.data.delta)
            if len(heard) == request.abandon_after:
                result.cancel()
                return [self.assistant("".join(heard))]
        return result

    def complete(self, request):
        return asyncio.run(self.ask(request))

    async def ask(self, request):
        from agents import Runner

        config = self.tracer.run_config(request.thread)
        result = await Runner.run(self.agent(request), list(request.messages), run_config=config)
        return Completion([], result.final_output)


def make_tool(tool, request):
    """One of the scenario's tools as the framework calls it."""
    from agents import FunctionTool

    async def invoke(_, arguments):
        try:
            return await asyncio.to_thread(request.run_tool, tool["name"], json.loads(arguments))
        except ToolFailed as failure:
            return str(failure)

    parameters = {**tool["parameters"], "additionalProperties": False}
    return FunctionTool(tool["name"], tool["description"], parameters, invoke)


def make_output(schema):
    """An answer bound to a JSON schema."""
    from agents import AgentOutputSchemaBase

    class Answer(AgentOutputSchemaBase):
        def is_plain_text(self):
            return False

        def name(self):
            return "answer"

        def json_schema(self):
            return schema

        def is_strict_json_schema(self):
            return True

        def validate_json(self, text):
            return json.loads(text)

    return Answer()


if __name__ == "__main__":
    _, tracer_name, api, _ = sys.argv
    os.environ["OPENAI_API_KEY"] = "none"
    play = read_play()
    tracer = TRACERS[tracer_name](play)
    Player(play, OpenAIAgents(play, tracer, api), tracer).run()
