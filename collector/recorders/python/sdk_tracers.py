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

    def instrument(self, module, name, options=None):
        getattr(importlib.import_module(module), name)(**(options or {})).instrument()


OPENINFERENCE = {
    "crewai": ("openinference.instrumentation.crewai", "CrewAIInstrumentor"),
    "dspy": ("openinference.instrumentation.dspy", "DSPyInstrumentor"),
    "smolagents": ("openinference.instrumentation.smolagents", "SmolagentsInstrumentor"),
    "haystack": ("openinference.instrumentation.haystack", "HaystackInstrumentor"),
    "agno": ("openinference.instrumentation.agno", "AgnoInstrumentor"),
    "llamaindex": ("openinference.instrumentation.llama_index", "LlamaIndexInstrumentor"),
    "openai": ("openinference.instrumentation.openai", "OpenAIInstrumentor"),
    "anthropic": ("openinference.instrumentation.anthropic", "AnthropicInstrumentor"),
    "google-genai": ("openinference.instrumentation.google_genai", "GoogleGenAIInstrumentor"),
    "bedrock": ("openinference.instrumentation.bedrock", "BedrockInstrumentor"),
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


# As it comes, the instrumentation loses every history that holds a picture: its default uploader
# cannot be awaited.
NO_UPLOAD = {"upload_base64_image": None}

TRACELOOP = {
    "crewai": ("opentelemetry.instrumentation.crewai", "CrewAIInstrumentor", {}),
    "openai": ("opentelemetry.instrumentation.openai", "OpenAIInstrumentor", NO_UPLOAD),
    "anthropic": ("opentelemetry.instrumentation.anthropic", "AnthropicInstrumentor", NO_UPLOAD),
    "google-genai": ("opentelemetry.instrumentation.google_generativeai", "GoogleGenerativeAiInstrumentor", NO_UPLOAD),
    "bedrock": ("opentelemetry.instrumentation.bedrock", "BedrockInstrumentor", {}),
    "llamaindex": ("opentelemetry.instrumentation.llamaindex", "LlamaIndexInstrumentor", {}),
}


class Traceloop(SdkTracer):
    """OpenLLMetry's instrumentation alone, without the Traceloop SDK."""

    def setup(self):
        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        export_spans(self.play, self.service)
        self.instrument(*TRACELOOP[self.sdk])


class Logging(SdkTracer):
    """One that writes log records beside its spans."""

    def setup(self):
        export_spans(self.play, self.service)
        self.logs = export_logs(self.play, self.service)

    def flush(self):
        super().flush()
        self.logs.force_flush()

    def shutdown(self):
        super().shutdown()
        self.logs.shutdown()


class TraceloopEvents(Logging):
    """OpenLLMetry's instrumentation, told to write events instead of attributes."""

    def setup(self):
        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        super().setup()
        module, name, options = TRACELOOP[self.sdk]
        self.instrument(module, name, {**options, "use_legacy_attributes": False})


OTEL_OLDER = {
    "openai": ("opentelemetry.instrumentation.openai_v2", "OpenAIInstrumentor"),
    "google-genai": ("opentelemetry.instrumentation.google_genai", "GoogleGenAiSdkInstrumentor"),
    "bedrock": ("opentelemetry.instrumentation.botocore", "BotocoreInstrumentor"),
}


class OTelEvents(Logging):
    """The official instrumentation as it is without opting in: one log event for each message."""

    def setup(self):
        os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = str(self.captures).lower()
        super().setup()
        self.instrument(*OTEL_OLDER[self.sdk])


OTEL = {
    "openai": ("opentelemetry.instrumentation.genai.openai", "OpenAIInstrumentor"),
    "openai-v2": ("opentelemetry.instrumentation.openai_v2", "OpenAIInstrumentor"),
    "anthropic": ("opentelemetry.instrumentation.genai.anthropic", "AnthropicInstrumentor"),
    "google-genai": ("opentelemetry.instrumentation.google_genai", "GoogleGenAiSdkInstrumentor"),
    "bedrock": ("opentelemetry.instrumentation.genai.bedrock", "BedrockInstrumentor"),
}


class OTel(Logging):
    """The official instrumentation by the conventions of 1.37 and later; a subclass names the place of content."""

    content = "SPAN_ONLY"

    def setup(self):
        os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
        os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = self.content if self.captures else "NO_CONTENT"
        os.environ["OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT"] = str("EVENT" in self.content).lower()
        super().setup()
        self.instrument(*OTEL[self.sdk])


class OTelDetails(OTel):
    content = "EVENT_ONLY"


class OTelTwice(OTel):
    content = "SPAN_AND_EVENT"


class AnthropicsOwn(SdkTracer):
    """Anthropic's SDK from 2.0 on writes spans itself, where a tracer provider is registered."""

    def setup(self):
        if self.captures:
            os.environ["ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE"] = "content"
            # Content over 750,000 bytes is left out unless more is allowed.
            os.environ["ANTHROPIC_OPEN_TELEMETRY_TRACES_MAX_CONTENT_BYTES"] = "4000000"
        export_spans(self.play, self.service)


TRACERS = {
    "openinference": OpenInference,
    "traceloop": Traceloop,
    "traceloop-events": TraceloopEvents,
    "otel-events": OTelEvents,
    "otel": OTel,
    "otel-details": OTelDetails,
    "otel-twice": OTelTwice,
    "anthropics-own": AnthropicsOwn,
}
