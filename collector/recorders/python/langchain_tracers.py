"""Tracers of LangChain's callbacks, by the name they are recorded under."""

import contextlib
import os

from play import Tracer, export_spans


class LangChainTracer(Tracer):
    @property
    def captures(self):
        return self.scenario.get("capture", True)

    @property
    def names_threads(self):
        """Whether the app hands the thread's id to LangChain; else it stands where the scenario says."""
        return "threadIdOn" not in self.scenario

    def config(self, thread):
        """What the app passes to every run: the thread for the checkpointer, and who is talking."""
        if not self.names_threads:
            return {}
        return {
            "configurable": {"thread_id": thread.thread_id},
            "metadata": {"thread_id": thread.thread_id, "user_id": thread.user_id},
        }

    @contextlib.contextmanager
    def conversation(self, thread):
        yield


class OpenInference(LangChainTracer):
    def setup(self):
        from openinference.instrumentation.langchain import LangChainInstrumentor

        if not self.captures:
            os.environ["OPENINFERENCE_HIDE_INPUTS"] = "true"
            os.environ["OPENINFERENCE_HIDE_OUTPUTS"] = "true"
        export_spans(self.play, self.service)
        LangChainInstrumentor().instrument()

    @contextlib.contextmanager
    def conversation(self, thread):
        from openinference.instrumentation import using_user

        with using_user(thread.user_id):
            yield


class Traceloop(LangChainTracer):
    def setup(self):
        from opentelemetry.instrumentation.langchain import LangchainInstrumentor

        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        export_spans(self.play, self.service)
        LangchainInstrumentor().instrument()


class LangSmith(LangChainTracer):
    """LangSmith's own tracing, sent as OpenTelemetry spans alone."""

    def setup(self):
        os.environ["LANGSMITH_TRACING"] = "true"
        os.environ["LANGSMITH_API_KEY"] = "none"
        os.environ["LANGSMITH_OTEL_ENABLED"] = "true"
        os.environ["LANGSMITH_OTEL_ONLY"] = "true"
        os.environ["LANGSMITH_ENDPOINT"] = self.play["otlpUrl"]
        # Else it is what git says of the folder this is started in.
        os.environ["LANGCHAIN_REVISION_ID"] = "1"
        if not self.captures:
            os.environ["LANGSMITH_HIDE_INPUTS"] = "true"
            os.environ["LANGSMITH_HIDE_OUTPUTS"] = "true"
        export_spans(self.play, self.service)

    def flush(self):
        from langchain_core.tracers.langchain import wait_for_all_tracers

        wait_for_all_tracers()
        super().flush()


class Langfuse(LangChainTracer):
    def setup(self):
        from langfuse import Langfuse as Client

        os.environ["OTEL_SERVICE_NAME"] = self.service
        self.client = Client(
            public_key="pk",
            secret_key="sk",
            base_url=self.play["otlpUrl"],
            mask=None if self.captures else lambda **_: "<redacted>",
            # By default the app's own spans stay behind, and with them what only they say.
            should_export_span=None if self.names_threads else lambda _: True,
        )

    def config(self, thread):
        from langfuse.langchain import CallbackHandler

        config = super().config(thread)
        if config:
            config["metadata"] = {"langfuse_session_id": thread.thread_id, "langfuse_user_id": thread.user_id}
        return {**config, "callbacks": [CallbackHandler()]}

    def flush(self):
        self.client.flush()
        super().flush()


TRACERS = {
    "openinference": OpenInference,
    "traceloop": Traceloop,
    "langsmith": LangSmith,
    "langfuse": Langfuse,
}
