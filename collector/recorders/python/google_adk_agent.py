"""Google's Agent Development Kit over Gemini; its session service keeps the history."""

import asyncio
import contextlib
import os
import sys
import uuid

from play import Completion, Player, ToolFailed, Tracer, export_logs, export_spans, read_play

APP = "chat_service"


class AdkAgent:
    def __init__(self, play):
        from google.adk.sessions import InMemorySessionService

        self.play = play
        self.scenario = play["scenario"]
        self.sessions = InMemorySessionService()
        self.names_threads = "threadIdOn" not in self.scenario
        self.ids = {}  # of sessions and their users, by thread
        self.invocations = {}  # the ids of the questions, by thread
        self.loop = asyncio.new_event_loop()

    def user(self, text, attachments):
        from google.genai import types

        media = [types.Part.from_bytes(data=item["bytes"], mime_type=item["mimeType"]) for item in attachments]
        return types.Content(role="user", parts=[types.Part(text=text), *media])

    def model(self, key):
        from google.adk.models import Gemini
        from google.genai import Client, types

        retries = types.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.01)
        options = types.HttpOptions(base_url=self.play["providerUrl"], retry_options=retries)
        return Gemini(model="gemini-3-flash-preview", client=Client(api_key=key, http_options=options))

    def agent(self, request, name=None, system=None, tools=None, sub_agents=()):
        from google.adk.agents import LlmAgent
        from google.adk.planners import BuiltInPlanner
        from google.genai import types

        shape = {}
        if request.schema:
            shape = {"response_mime_type": "application/json", "response_json_schema": request.schema}
        thinks = any("reasoning" in reply for step in self.scenario["steps"] for reply in step["replies"])
        thinking = types.ThinkingConfig(include_thoughts=True)
        return LlmAgent(
            name=name or request.agent,
            model=self.model(request.thread.key),
            # A function, so that braces are left as they are.
            instruction=lambda _: request.system if system is None else system,
            tools=[make_tool(tool, request) for tool in request.tools] if tools is None else tools,
            sub_agents=list(sub_agents),
            planner=BuiltInPlanner(thinking_config=thinking) if thinks else None,
            generate_content_config=types.GenerateContentConfig(**shape) if shape else None,
            # The tools of a hand-off are the scenario's.
            disallow_transfer_to_parent=True,
            disallow_transfer_to_peers=True,
        )

    def desk(self, request):
        """The agent that is spoken to, above the one that it may hand over to."""
        hand_off = next((tool["handOff"] for tool in request.tools if "handOff" in tool), None)
        if hand_off is None:
            return self.agent(request)
        booking = self.agent(request, hand_off["name"], hand_off["system"], [])
        if request.agent == hand_off["name"]:
            return booking
        return self.agent(request, sub_agents=[booking])

    async def session(self, request, agent):
        from google.adk.runners import Runner

        runner = Runner(app_name=APP, agent=agent, session_service=self.sessions)
        key = request.thread.key
        if key not in self.ids:
            thread = request.thread
            session_id = thread.thread_id if self.names_threads else str(uuid.uuid4())
            self.ids[key] = (session_id, thread.user_id)
            session_id, user_id = self.ids[key]
            await self.sessions.create_session(app_name=APP, user_id=user_id, session_id=session_id)
        return runner, *self.ids[key]

    async def run(self, request):
        from google.adk.agents.run_config import RunConfig, StreamingMode

        runner, session_id, user_id = await self.session(request, self.desk(request))
        asked = self.invocations.setdefault(request.thread.key, [])
        turns = len(request.thread.turns)
        if len(asked) >= turns:
            taken_back = asked[turns - 1]
            del asked[turns - 1 :]
            await runner.rewind_async(
                user_id=user_id, session_id=session_id, rewind_before_invocation_id=taken_back
            )
        mode = StreamingMode.SSE if request.stream else StreamingMode.NONE
        events = runner.run_async(
            user_id=user_id,
            session_id=session_id,
            new_message=request.messages[-1],
            run_config=RunConfig(streaming_mode=mode),
        )
        async for event in events:
            if len(asked) < turns:
                asked.append(event.invocation_id)

    def answer(self, request):
        self.loop.run_until_complete(self.run(request))

    async def ask(self, request):
        """One question to an agent with a session of its own."""
        from google.adk.runners import InMemoryRunner

        runner = InMemoryRunner(agent=self.agent(request), app_name=APP)
        _, user_id = self.ids[request.thread.key]
        session = await runner.session_service.create_session(app_name=APP, user_id=user_id)
        texts = []
        async for event in runner.run_async(
            user_id=user_id, session_id=session.id, new_message=request.messages[0]
        ):
            texts += [part.text for part in event.content.parts if part.text]
        return Completion([], "".join(texts))

    def complete(self, request):
        return asyncio.run(self.ask(request))


def make_tool(tool, request):
    """One of the scenario's tools as the framework calls it."""
    from google.adk.tools import BaseTool
    from google.genai import types

    class ScenarioTool(BaseTool):
        def _get_declaration(self):
            return types.FunctionDeclaration(
                name=tool["name"], description=tool["description"], parameters_json_schema=tool["parameters"]
            )

        async def run_async(self, *, args, tool_context):
            if "handOff" in tool:
                tool_context.actions.transfer_to_agent = tool["handOff"]["name"]
            try:
                return {"result": await asyncio.to_thread(request.run_tool, tool["name"], args)}
            except ToolFailed as failure:
                return {"result": str(failure)}

    return ScenarioTool(name=tool["name"], description=tool["description"])


class Native(Tracer):
    """ADK's own telemetry, in a version of its format."""

    service = "chat-service"

    def __init__(self, play, form):
        self.form = form
        super().__init__(play)

    def setup(self):
        captures = self.scenario.get("capture", True)
        version, _, mode = self.form.partition("-")
        os.environ["ADK_TELEMETRY_SCHEMA_VERSION_OPT_IN"] = version
        os.environ["ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS"] = str(captures).lower()
        if captures and mode:
            os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = mode
        export_spans(self.play, self.service)
        self.logs = export_logs(self.play, self.service)

    @contextlib.contextmanager
    def conversation(self, thread):
        """ADK tells the session; who is talking only where content goes to log records."""
        from opentelemetry import trace

        trace.get_current_span().set_attribute("user.id", thread.user_id)
        yield

    def flush(self):
        super().flush()
        self.logs.force_flush()

    def shutdown(self):
        super().shutdown()
        self.logs.shutdown()


if __name__ == "__main__":
    play = read_play()
    tracer = Native(play, sys.argv[1])
    Player(play, AdkAgent(play), tracer).run()
