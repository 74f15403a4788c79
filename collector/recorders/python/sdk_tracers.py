"""Tracers that instrument a provider's SDK from outside, by the name they are recorded under."""

import contextlib
import importlib
import os

from play import Tracer, export_logs, export_spans


class SdkTracer(Tracer):
    """One that patches an SDK (`openai`, `anthropic`, ...)."""

    def __init__(self, play, sdk):
        self.sdk = sdk
        super().__init__(play)

    @property
    def captures(self):
        return self.scenario.get("capture", True)

    def instrument(self, module, name):
        getattr(importlib.import_module(module), name)().instrument()


OPENINFERENCE = {
    "openai": ("openinference.instrumentation.openai", "OpenAIInstrumentor"),
}


class OpenInference(SdkTracer):
    def setup(self):
        if not self.captures:
            os.environ["OPENINFERENCE_HIDE_INPUTS"] = "true"
            os.environ["OPENINFERENCE_HIDE_OUTPUTS"] = "true"
        export_spans(self.play, self.service)
        self.instrument(*OPENINFERENCE[self.sdk])

    @contextlib.contextmanager
    def conversation(self, thread):
        from openinference.instrumentation import using_attributes

        with using_attributes(session_id=thread.thread_id, user_id=thread.user_id):
            yield


TRACELOOP = {
    "openai": ("opentelemetry.instrumentation.openai", "OpenAIInstrumentor"),
}


class Traceloop(SdkTracer):
    """OpenLLMetry's instrumentation alone, without the Traceloop SDK."""

    def setup(self):
        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        export_spans(self.play, self.service)
        self.instrument(*TRACELOOP[self.sdk])


OTEL = {
    "openai": ("opentelemetry.instrumentation.openai_v2", "OpenAIInstrumentor"),
}


class OTelEvents(SdkTracer):
    """The official instrumentation as it is without opting in: one log event for each message."""

    def setup(self):
        os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = str(self.captures).lower()
        export_spans(self.play, self.service)
        self.logs = export_logs(self.play, self.service)
        self.instrument(*OTEL[self.sdk])

    def flush(self):
        super().flush()
        self.logs.force_flush()

    def shutdown(self):
        super().shutdown()
        self.logs.shutdown()


TRACERS = {
    "openinference": OpenInference,
    "traceloop": Traceloop,
    "otel-events": OTelEvents,
}
