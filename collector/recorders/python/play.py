"""Plays a scenario through an app and a tracer, as a chat service would live it.

A play is the JSON that the recorder writes: where to send telemetry, where the model is, the
scenario (`collector/src/scenarios/scenario.ts`) and the ids of its conversations.
"""

import base64
import contextlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

# Recorded exceptions then hold no path of this machine.
sys.tracebacklimit = 0


class ToolFailed(Exception):
    """A tool's own failure, in its own words."""


@dataclass
class Thread:
    """One conversation while the app holds it; `history` is in the app's own message type."""

    key: str
    thread_id: str
    user_id: str
    system: str
    agent: str = "colette"
    history: list = field(default_factory=list)
    turns: list = field(default_factory=list)  # where in the history each question stands
    previous_response_id: str | None = None


@dataclass
class Request:
    """What the app asks its model."""

    thread: Thread
    system: str
    messages: list
    tools: list
    stream: bool = False
    abandon_after: int | None = None
    schema: dict | None = None
    previous_response_id: str | None = None
    agent: str = "colette"
    run_tool: Callable | None = None  # by name and arguments; what frameworks' own tools call


@dataclass
class Completion:
    """One answer: the app's own message (or messages) to keep, and the tool calls it wants run."""

    messages: list
    text: str = ""
    tool_calls: list = field(default_factory=list)  # of {"id", "name", "arguments"}
    response_id: str | None = None


def text_of(result) -> str:
    """A tool's result as apps hand it over."""
    if isinstance(result, str):
        return result
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


class Player:
    """Runs every step of a scenario.

    An app has `user(text, attachments)`, `assistant(text)` and either `complete(request)` with
    `tool_result(call, text, is_error)`, where the player runs the tools, or `answer(request)`, where the
    framework does and which returns the new messages for the history (or None when it keeps
    its own).
    """

    def __init__(self, play, app, tracer):
        self.play = play
        self.app = app
        self.tracer = tracer
        self.scenario = play["scenario"]
        self.tools = {tool["name"]: tool for tool in self.scenario["tools"]}
        self.threads = {
            key: Thread(key=key, system=self.scenario["system"], thread_id=ids["threadId"], user_id=ids["userId"])
            for key, ids in play["threads"].items()
        }

    def run(self):
        for step in self.scenario["steps"]:
            thread = self.threads[step.get("thread", "main")]
            with self.tracer.root():
                self.turn(thread, step)
            self.tracer.flush()
        self.tracer.shutdown()

    def turn(self, thread, step):
        with self.tracer.told(thread):
            self.step(thread, step)

    def step(self, thread, step):
        app = self.app
        thread.system = step.get("system", thread.system)
        if "edit" in step:
            self.take_back(thread, step["edit"])
        if "user" not in step:
            self.take_back(thread, 0)
        if "compact" in step:
            thread.history[:] = [app.user(step["compact"], [])]
        if "user" in step:
            thread.turns.append(len(thread.history))
            thread.history.append(app.user(step["user"], attachments(step)))
        if hasattr(app, "answer"):
            self.answer(thread, step)
        else:
            self.converse(thread, step)
        for side in step.get("sideCalls", []):
            self.side_call(thread, side)

    def take_back(self, thread, count):
        start = thread.turns[-max(count, 1)]
        if count:
            del thread.turns[-count:]
            del thread.history[start:]
        else:
            del thread.history[start + 1 :]

    def request(self, thread, step, messages):
        return Request(
            thread=thread,
            system=thread.system,
            messages=messages,
            tools=list(self.tools.values()),
            stream=step.get("stream", False),
            abandon_after=step.get("abandonAfter"),
            schema=step.get("schema"),
            previous_response_id=thread.previous_response_id,
            agent=thread.agent,
            run_tool=lambda name, arguments: text_of(self.run_tool(thread, self.tools[name], arguments)),
        )

    def failures(self, step):
        """How many attempts fail in this step: the app tries again as often."""
        return sum(1 for reply in step["replies"] if "status" in reply)

    def retried(self, step, call):
        for _ in range(self.failures(step)):
            try:
                return call()
            except Exception as error:  # noqa: BLE001 - whatever the SDK raises
                print(f"attempt failed: {type(error).__name__}", file=sys.stderr)
        return call()

    def answer(self, thread, step):
        messages = thread.history
        if "window" in step:
            messages = messages[-step["window"] :]
        new = self.retried(step, lambda: self.app.answer(self.request(thread, step, messages)))
        thread.history.extend(new or [])

    def converse(self, thread, step):
        app = self.app
        chained = self.scenario.get("chained", False)
        fresh = thread.history[-1:]
        while True:
            messages = fresh if chained else thread.history
            if "window" in step:
                messages = thread.history[-step["window"] :]
            done = self.retried(step, lambda: app.complete(self.request(thread, step, messages)))
            kept = [app.assistant(done.text)] if "abandonAfter" in step else done.messages
            thread.history.extend(kept)
            if chained:
                thread.previous_response_id = done.response_id
            if not done.tool_calls:
                return
            fresh = [self.call_tool(thread, call) for call in done.tool_calls]
            results = app.tool_results(fresh) if hasattr(app, "tool_results") else fresh
            thread.history.extend(results)
            fresh = results

    def call_tool(self, thread, call):
        tool = self.tools[call["name"]]
        try:
            result = self.tracer.tool(call, lambda: self.run_tool(thread, tool, call["arguments"]))
            return self.app.tool_result(call, text_of(result), False)
        except ToolFailed as failure:
            return self.app.tool_result(call, str(failure), True)

    def run_tool(self, thread, tool, arguments):
        """What a tool does; frameworks call it from their own tool wrappers."""
        if "error" in tool:
            raise ToolFailed(tool["error"])
        if "agent" in tool:
            asked = Request(
                thread=thread,
                system=tool["agent"]["system"],
                messages=[self.app.user(arguments["question"], [])],
                tools=[],
                agent=tool["agent"]["name"],
            )
            return self.app.complete(asked).text
        if "handOff" in tool:
            thread.system = tool["handOff"]["system"]
            thread.agent = tool["handOff"]["name"]
        return tool["result"]

    def side_call(self, thread, side):
        asked = Request(
            thread=thread, system=side["system"], messages=[self.app.user(side["user"], [])], tools=[], agent="side"
        )
        if hasattr(self.app, "complete"):
            self.app.complete(asked)
        else:
            self.app.answer(asked)


def attachments(step):
    return [
        {**item, "bytes": base64.b64decode(item["base64"])} for item in step.get("attachments", [])
    ]


class Tracer:
    """What all tracers have in common: the app's own spans around a step, and where the ids stand.

    A tracer overrides `setup`, `conversation`, and, where it has its own, `mark`, `span`, `tool`, `flush`,
    `shutdown`.
    """

    service = "chat-service"

    def __init__(self, play):
        self.play = play
        self.scenario = play["scenario"]
        self.setup()

    def setup(self):
        raise NotImplementedError

    @contextlib.contextmanager
    def conversation(self, thread):
        """Puts thread and user where this tracer's users put them."""
        self.mark(thread)
        yield

    def mark(self, thread):
        """Puts thread and user on the current span alone."""
        from opentelemetry import trace

        trace.get_current_span().set_attributes(ids_of(thread))

    def span(self, name):
        """A span of the app's own."""
        from opentelemetry import trace

        return trace.get_tracer("chat-app", "1.0.0").start_as_current_span(name)

    def tool(self, call, run):
        return run()

    def flush(self):
        from opentelemetry import trace

        trace.get_tracer_provider().force_flush()

    def shutdown(self):
        from opentelemetry import trace

        trace.get_tracer_provider().shutdown()

    @contextlib.contextmanager
    def told(self, thread):
        """Tells thread and user where the scenario has them."""
        where = self.scenario.get("threadIdOn")
        if where == "root":
            self.mark(thread)
        if where == "child":
            with self.span("load history"):
                self.mark(thread)
        with self.conversation(thread) if where is None else contextlib.nullcontext():
            yield
        if where == "last":
            with self.span("save history"):
                self.mark(thread)

    @contextlib.contextmanager
    def root(self):
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider

        kind = self.scenario.get("root")
        if kind == "http":
            tracer = trace.get_tracer("chat-app", "1.0.0")
            attributes = {"http.request.method": "POST", "http.route": "/chat", "url.path": "/chat"}
            with tracer.start_as_current_span("POST /chat", kind=trace.SpanKind.SERVER, attributes=attributes) as span:
                yield
                span.set_attribute("http.response.status_code", 200)
        elif kind == "missing":
            # A provider without exporter: what is below has a parent that never arrives.
            with TracerProvider().get_tracer("lost").start_as_current_span("chat turn"):
                yield
        else:
            with self.span("chat turn"):
                yield


def ids_of(thread):
    return {"session.id": thread.thread_id, "user.id": thread.user_id}


def export_spans(play, service):
    """Registers a global tracer provider with the stock OTLP/HTTP exporter."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{play['otlpUrl']}/v1/traces")))
    trace.set_tracer_provider(provider)
    return provider


def export_logs(play, service):
    """Registers a global logger provider with the stock OTLP/HTTP exporter."""
    from opentelemetry._logs import set_logger_provider
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.resources import Resource

    provider = LoggerProvider(resource=Resource.create({"service.name": service}))
    provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(endpoint=f"{play['otlpUrl']}/v1/logs")))
    set_logger_provider(provider)
    return provider


def read_play():
    """The play whose path is the last argument."""
    with open(sys.argv[-1], encoding="utf-8") as file:
        return json.load(file)
