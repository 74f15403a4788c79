"""LiveKit's agents over OpenAI in text mode: one session is one conversation, and one trace."""

import asyncio
import sys

from livekit.agents import Agent, AgentSession, APIConnectOptions, ToolError
from livekit.agents.llm import ChatContext, ChatMessage, function_tool
from livekit.agents.telemetry import set_tracer_provider
from livekit.agents.voice.agent_session import SessionConnectOptions
from livekit.plugins import openai

from play import Completion, Player, ToolFailed, Tracer, export_spans, ids_of, read_play, text_of


class LiveKitsOwn(Tracer):
    """LiveKit's spans. Apps name thread and user in the metadata of all spans of a job."""

    def setup(self):
        provider = export_spans(self.play, self.service)
        [ids] = self.play["threads"].values()
        metadata = {"session.id": ids["threadId"], "user.id": ids["userId"]}
        set_tracer_provider(
            provider,
            metadata=None if "threadIdOn" in self.scenario else metadata,
            allow_pii=self.scenario.get("capture", True),
        )

    def mark(self, thread):
        """The metadata does it."""


class SessionPlayer(Player):
    """The session is around all turns, and the app's own spans around none."""

    def run(self):
        try:
            for step in self.scenario["steps"]:
                self.step(self.threads[step.get("thread", "main")], step)
        finally:
            self.app.close()
        self.tracer.shutdown()


class LiveKitAgent:
    def __init__(self, play):
        self.play = play
        self.loop = asyncio.new_event_loop()
        self.session = None

    def user(self, text, attachments):
        return ChatMessage(role="user", content=[text])

    def assistant(self, text):
        return ChatMessage(role="assistant", content=[text])

    def answer(self, request):
        return self.loop.run_until_complete(self.run(request))

    def complete(self, request):
        model = self.model(request)

        async def ask():
            context = ChatContext(items=[ChatMessage(role="system", content=[request.system]), *request.messages])
            return (await model.chat(chat_ctx=context).collect()).text

        return Completion(messages=[], text=asyncio.run(ask()))

    async def run(self, request):
        *history, question = request.messages
        if self.session is None:
            self.session = AgentSession(
                llm=self.model(request),
                conn_options=SessionConnectOptions(llm_conn_options=APIConnectOptions(retry_interval=0.1)),
            )
            self.agent = Agent(
                instructions=request.system, tools=[self.tool(request, tool) for tool in request.tools]
            )
            await self.session.start(self.agent)
        if request.system != self.agent.instructions:
            await self.agent.update_instructions(request.system)
        await self.agent.update_chat_ctx(ChatContext(items=list(history)))
        await self.session.run(user_input=question.text_content)
        spoken = [item for item in self.agent.chat_ctx.items if getattr(item, "role", None) != "system"]
        return [item for item in spoken if item.type != "agent_config_update"][len(history) + 1 :]

    def model(self, request):
        return openai.LLM(
            model="gpt-4o-mini",
            api_key=request.thread.key,
            base_url=f"{self.play['providerUrl']}/v1",
            max_retries=0,
        )

    def tool(self, request, tool):
        async def call(raw_arguments: dict):
            try:
                result = await asyncio.to_thread(self.player.run_tool, request.thread, tool, raw_arguments)
            except ToolFailed as failure:
                raise ToolError(str(failure)) from None
            if request.thread.system != self.agent.instructions:
                await self.agent.update_instructions(request.thread.system)
            return text_of(result)

        schema = {key: tool[key] for key in ("name", "description", "parameters")}
        return function_tool(call, raw_schema=schema)

    def close(self):
        self.loop.run_until_complete(self.session.aclose())


if __name__ == "__main__":
    play = read_play()
    app = LiveKitAgent(play)
    app.player = SessionPlayer(play, app, LiveKitsOwn(play))
    app.player.run()
