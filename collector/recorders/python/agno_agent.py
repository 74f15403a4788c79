"""Agno's Agent over OpenAI; the agent runs the tools, the app keeps the history."""

import sys

from agno.agent import Agent
from agno.media import File, Image
from agno.models.message import Message
from agno.models.openai import OpenAIChat
from agno.tools import Function

from play import Completion, Player, read_play, text_of
from sdk_tracers import TRACERS


class AgnoAgent:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        images = [Image(content=item["bytes"], mime_type=item["mimeType"]) for item in attachments if is_image(item)]
        files = [
            File(content=item["bytes"], mime_type=item["mimeType"], filename=item["name"])
            for item in attachments
            if not is_image(item)
        ]
        return Message(role="user", content=text, images=images or None, files=files or None)

    def assistant(self, text):
        return Message(role="assistant", content=text)

    def answer(self, request):
        agent = self.agent(request)
        if request.abandon_after:
            return [self.assistant(self.abandon(agent, request))]
        run = self.run(agent, request)
        if run.status.value == "ERROR":
            raise RuntimeError(run.content)
        return [message for message in run.messages if message.role != "system"][len(request.messages) :]

    def complete(self, request):
        return Completion(messages=[], text=self.run(self.agent(request), request).content)

    def agent(self, request):
        model = OpenAIChat(
            id="gpt-4o-mini",
            api_key=request.thread.key,
            base_url=f"{self.play['providerUrl']}/v1",
            max_retries=0,
            request_params={"response_format": response_format(request.schema)} if request.schema else None,
        )
        return Agent(
            name=request.agent,
            model=model,
            system_message=request.system,
            tools=[self.tool(request, tool) for tool in request.tools],
            session_id=request.thread.thread_id if self.is_named else None,
            user_id=request.thread.user_id if self.is_named else None,
            telemetry=False,
        )

    @property
    def is_named(self):
        return "threadIdOn" not in self.play["scenario"]

    def run(self, agent, request):
        if not request.stream:
            return agent.run(request.messages)
        return [event for event in agent.run(request.messages, stream=True, yield_run_output=True)][-1]

    def abandon(self, agent, request):
        pieces = []
        events = agent.run(request.messages, stream=True)
        for event in events:
            # Agno hands on the empty piece that opens a stream, too.
            if event.event == "RunContent" and event.content:
                pieces.append(event.content)
            if len(pieces) == request.abandon_after:
                break
        events.close()
        return "".join(pieces)

    def tool(self, request, tool):
        def call(**arguments):
            return text_of(self.player.run_tool(request.thread, tool, arguments))

        return Function(
            name=tool["name"],
            description=tool["description"],
            parameters=tool["parameters"],
            entrypoint=call,
            skip_entrypoint_processing=True,
        )


def is_image(item):
    return item["kind"] == "image"


def response_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}}


if __name__ == "__main__":
    play = read_play()
    app = AgnoAgent(play)
    app.player = Player(play, app, TRACERS[sys.argv[1]](play, "agno"))
    app.player.run()
