"""CrewAI's Agent over OpenAI; the agent runs the tools, the app keeps the agent's messages."""

import os
import sys

os.environ["CREWAI_DISABLE_TELEMETRY"] = "true"
os.environ["CREWAI_TRACING_ENABLED"] = "false"

from crewai import LLM, Agent
from crewai.tools import BaseTool
from pydantic import create_model

from play import Completion, Player, ToolFailed, read_play, text_of
from sdk_tracers import OPENINFERENCE, TRACELOOP, TRACERS, OpenInference, Traceloop


class CrewInference(OpenInference):
    """The crew's spans and, below them, those of the model's SDK."""

    def setup(self):
        super().setup()
        self.instrument(*OPENINFERENCE["openai"])


class CrewTraceloop(Traceloop):
    """The crew's spans and, below them, those of the model's SDK."""

    def setup(self):
        super().setup()
        self.instrument(*TRACELOOP["openai"])


CREW_TRACERS = {**TRACERS, "openinference-openai": CrewInference, "traceloop-openai": CrewTraceloop}


class CrewAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return {"role": "user", "content": text}

    def assistant(self, text):
        return {"role": "assistant", "content": text}

    def answer(self, request):
        output = self.agent(request).kickoff(request.messages)
        new = [dict(message) for message in output.messages][len(request.messages) + 1 :]
        # An agent without tools leaves its answer out of its messages.
        return new if new and new[-1]["role"] == "assistant" else [*new, self.assistant(output.raw)]

    def complete(self, request):
        return Completion(messages=[], text=self.agent(request).kickoff(request.messages).raw)

    def agent(self, request):
        llm = LLM(
            model="openai/gpt-4o-mini",
            api_key=request.thread.key,
            base_url=f"{self.play['providerUrl']}/v1",
            max_retries=0,
            stream=request.stream,
        )
        return Agent(
            role="Assistant",
            goal="help the user",
            backstory=request.system,
            llm=llm,
            tools=[self.tool(request, tool) for tool in self.play["scenario"]["tools"]],
            verbose=False,
        )

    def tool(self, request, tool):
        player = self.player
        argument = tool["parameters"]["required"][0]

        class ScenarioTool(BaseTool):
            name: str = tool["name"]
            description: str = tool["description"]
            args_schema: type = create_model(tool["name"], **{argument: (str, ...)})

            def _run(self, **arguments):
                try:
                    return text_of(player.run_tool(request.thread, tool, arguments))
                except ToolFailed as failure:
                    return str(failure)

        return ScenarioTool()


if __name__ == "__main__":
    play = read_play()
    app = CrewAgent(play)
    app.player = Player(play, app, CREW_TRACERS[sys.argv[1]](play, "crewai"))
    app.player.run()
