"""Tracers of OpenAI's Agents SDK, by the name they are recorded under."""

import contextlib
import os

from play import Tracer, export_spans


class AgentsTracer(Tracer):
    @property
    def captures(self):
        return self.scenario.get("capture", True)

    def setup(self):
        from agents import set_trace_processors

        set_trace_processors([])  # Nothing to OpenAI's own back end.
        self.instrument()

    def run_config(self, thread):
        """What the app tells of a run: the group is the SDK's own word for the conversation."""
        from agents import RunConfig

        if "threadIdOn" in self.scenario:
            return RunConfig(trace_include_sensitive_data=self.captures)
        return RunConfig(
            group_id=thread.thread_id,
            trace_metadata={"user_id": thread.user_id},
            trace_include_sensitive_data=self.captures,
        )


class OpenInference(AgentsTracer):
    def instrument(self):
        from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

        if not self.captures:
            os.environ["OPENINFERENCE_HIDE_INPUTS"] = "true"
            os.environ["OPENINFERENCE_HIDE_OUTPUTS"] = "true"
        export_spans(self.play, self.service)
        OpenAIAgentsInstrumentor().instrument()

    @contextlib.contextmanager
    def conversation(self, thread):
        from openinference.instrumentation import using_attributes

        with using_attributes(session_id=thread.thread_id, user_id=thread.user_id):
            yield


class Traceloop(AgentsTracer):
    def instrument(self):
        from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor

        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        export_spans(self.play, self.service)
        OpenAIAgentsInstrumentor().instrument()


class Logfire(AgentsTracer):
    def instrument(self):
        import logfire
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = OTLPSpanExporter(endpoint=f"{self.play['otlpUrl']}/v1/traces")
        logfire.configure(
            send_to_logfire=False,
            service_name=self.service,
            console=False,
            inspect_arguments=False,
            # Else it takes out whatever is called session; the group of a run it leaves.
            scrubbing=False if "threadIdOn" in self.scenario else None,
            resource_attributes={"host.name": "host", "host.id": "host", "os.version": "1"},
            additional_span_processors=[BatchSpanProcessor(exporter)],
        )
        logfire.instrument_openai_agents()

    @contextlib.contextmanager
    def conversation(self, thread):
        yield

    def flush(self):
        import logfire

        logfire.force_flush()

    def shutdown(self):
        import logfire

        logfire.shutdown()


TRACERS = {
    "openinference": OpenInference,
    "traceloop": Traceloop,
    "logfire": Logfire,
}
