"""Hugging Face's smolagents over OpenAI: the agent runs the tools, the app keeps its memory."""

import sys

from play import Completion, Player, ToolFailed, read_play, text_of
from sdk_tracers import TRACERS
from smolagents import LogLevel, OpenAIModel, Tool, ToolCallingAgent
from smolagents.memory import TaskStep
from smolagents.models import ChatMessage

MODEL = "gpt-4o-mini"


class SmolAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return TaskStep(task=text)

    def assistant(self, text):
        raise NotImplementedError

    def answer(self, request):
        agent = ToolCallingAgent(
            tools=[self.tool(request, tool) for tool in request.tools if tool["name"] != "final_answer"],
            model=self.model(request),
            instructions=request.system,
            stream_outputs=request.stream,
            max_tool_threads=1,
            verbosity_level=LogLevel.OFF,
        )
        # The instructions alone, without the long example that stands around them.
        agent.prompt_templates["system_prompt"] = "{{custom_instructions}}"
        *history, task = request.messages
        agent.memory.steps = list(history)
        agent.run(task.task, reset=False)
        return agent.memory.steps[len(history) + 1 :]

    def complete(self, request):
        system = ChatMessage(role="system", content=[{"type": "text", "text": request.system}])
        asked = [system, *(message for step in request.messages for message in step.to_messages())]
        return Completion(messages=[], text=self.model(request).generate(asked).content)

    def model(self, request):
        return OpenAIModel(
            model_id=MODEL,
            api_base=f"{self.play['providerUrl']}/v1",
            api_key=request.thread.key,
            client_kwargs={"max_retries": 0},
            retry=False,
        )

    def tool(self, request, tool):
        player = self.player
        [argument] = tool["parameters"]["required"]

        class ScenarioTool(Tool):
            name = tool["name"]
            description = tool["description"]
            inputs = {argument: {"type": "string", "description": argument}}
            output_type = "string"
            skip_forward_signature_validation = True

            def forward(self, **arguments):
                try:
                    return text_of(player.run_tool(request.thread, tool, arguments))
                except ToolFailed as failure:
                    return str(failure)

        return ScenarioTool()


if __name__ == "__main__":
    play = read_play()
    app = SmolAgent(play)
    app.player = Player(play, app, TRACERS[sys.argv[1]](play, "smolagents"))
    app.player.run()
