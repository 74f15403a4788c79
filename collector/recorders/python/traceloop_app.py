"""An app under the Traceloop SDK: one workflow for each turn, tools and agents decorated."""

import contextlib
import os
import sys

from anthropic_messages import AnthropicMessages
from openai_chat import OpenAIChat
from play import Player, Tracer, read_play, text_of

# By SDK: the client, and under which property the app names its threads.
APPS = {"openai": (OpenAIChat, "session_id"), "anthropic": (AnthropicMessages, "thread_id")}


class TraceloopSdk(Tracer):
    """The SDK as its users start it, at our address. What it knows of threads are properties of the app's choice."""

    def __init__(self, play, thread_property):
        self.thread_property = thread_property
        super().__init__(play)

    def setup(self):
        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.scenario.get("capture", True)).lower()
        os.environ["TRACELOOP_METRICS_ENABLED"] = "false"
        from traceloop.sdk import Traceloop

        Traceloop.init(app_name=self.service, api_endpoint=self.play["otlpUrl"], api_key="key", telemetry_enabled=False)

    def properties(self, thread):
        return {self.thread_property: thread.thread_id, "user_id": thread.user_id}

    @contextlib.contextmanager
    def conversation(self, thread):
        from traceloop.sdk import Traceloop

        Traceloop.set_association_properties(self.properties(thread))
        yield

    def mark(self, thread):
        from opentelemetry import trace

        ids = {f"traceloop.association.properties.{key}": value for key, value in self.properties(thread).items()}
        trace.get_current_span().set_attributes(ids)

    def tool(self, call, run):
        from traceloop.sdk.decorators import tool

        return tool(name=call["name"])(lambda **arguments: run())(**call["arguments"])

    @contextlib.contextmanager
    def root(self):
        """The workflow is the root, unless something is around it."""
        with super().root() if "root" in self.scenario else contextlib.nullcontext():
            yield


class WorkflowPlayer(Player):
    def turn(self, thread, step):
        from traceloop.sdk.decorators import workflow

        @workflow(name="chat_turn")
        def chat_turn(question):
            super(WorkflowPlayer, self).turn(thread, step)
            return text_of(thread.history[-1]["content"])

        chat_turn(step.get("user"))

    def run_tool(self, thread, tool, arguments):
        if "agent" not in tool:
            return super().run_tool(thread, tool, arguments)
        from traceloop.sdk.decorators import agent

        return agent(name=tool["agent"]["name"])(super().run_tool)(thread, tool, arguments)


if __name__ == "__main__":
    play = read_play()
    app, thread_property = APPS[sys.argv[1]]
    WorkflowPlayer(play, app(play), TraceloopSdk(play, thread_property)).run()
