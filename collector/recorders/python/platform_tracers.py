"""SDKs of observability platforms, pointed at our sink, by the name they are recorded under."""

import contextlib
import os
from types import SimpleNamespace

from play import Tracer, export_spans, ids_of


class Platform(Tracer):
    """A tracer that may want to wrap the app's client."""

    def wrap(self, client):
        return client

    @property
    def captures(self):
        return self.scenario.get("capture", True)


class Langfuse(Platform):
    def setup(self):
        os.environ["OTEL_SERVICE_NAME"] = self.service
        os.environ["LANGFUSE_HOST"] = self.play["otlpUrl"]
        from langfuse import Langfuse as Client

        mask = None if self.captures else lambda data, **_: "[REDACTED]"
        self.langfuse = Client(public_key="pk-lf-play", secret_key="sk-lf-play", mask=mask)
        # Importing the drop-in replacement patches the SDK.
        import langfuse.openai  # noqa: F401

    @contextlib.contextmanager
    def conversation(self, thread):
        from langfuse import propagate_attributes

        with propagate_attributes(session_id=thread.thread_id, user_id=thread.user_id):
            yield

    def span(self, name):
        return self.langfuse.start_as_current_observation(name=name)

    def tool(self, call, run):
        with self.langfuse.start_as_current_observation(
            name=call["name"], as_type="tool", input=call["arguments"]
        ) as span:
            result = run()
            span.update(output=result)
            return result

    def flush(self):
        self.langfuse.flush()

    def shutdown(self):
        self.langfuse.shutdown()


class LangSmith(Platform):
    """Runs as OTel spans alone. A thread is what runs with the same `session_id` in their metadata make."""

    def setup(self):
        os.environ.update(
            OTEL_SERVICE_NAME=self.service,
            LANGSMITH_TRACING="true",
            LANGSMITH_OTEL_ENABLED="true",
            LANGSMITH_OTEL_ONLY="true",
            LANGSMITH_ENDPOINT=self.play["otlpUrl"],
            LANGSMITH_API_KEY="key",
            LANGCHAIN_REVISION_ID="1.0.0",
            LANGSMITH_HIDE_INPUTS=str(not self.captures).lower(),
            LANGSMITH_HIDE_OUTPUTS=str(not self.captures).lower(),
        )
        from langsmith.run_trees import get_cached_client

        self.client = get_cached_client()

    def wrap(self, client):
        from langsmith.wrappers import wrap_openai

        return wrap_openai(client)

    @contextlib.contextmanager
    def conversation(self, thread):
        import langsmith

        with langsmith.tracing_context(metadata=langsmith_metadata(thread)):
            yield

    def mark(self, thread):
        import langsmith

        langsmith.get_current_run_tree().add_metadata(langsmith_metadata(thread))

    def span(self, name):
        import langsmith

        return langsmith.trace(name)

    def tool(self, call, run):
        import langsmith

        with langsmith.trace(call["name"], run_type="tool", inputs=call["arguments"]) as span:
            result = run()
            span.end(outputs={"output": result})
            return result

    def flush(self):
        self.client.flush()
        super().flush()


def langsmith_metadata(thread):
    return {"session_id": thread.thread_id, "user_id": thread.user_id}


class Logfire(Platform):
    """Pydantic's Logfire, exporting to an OTLP endpoint instead of its own platform."""

    format = 2

    def setup(self):
        os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = f"{self.play['otlpUrl']}/v1/traces"
        import logfire

        logfire.configure(
            service_name=self.service,
            service_version="1.0.0",
            send_to_logfire=False,
            console=False,
            # Logfire tells much of the machine; recordings should not.
            resource_attributes={"host.name": "host", "host.id": "host", "os.version": "1"},
        )
        logfire.instrument_openai(version=self.format)

    @contextlib.contextmanager
    def conversation(self, thread):
        import logfire

        with logfire.set_baggage(**ids_of(thread)):
            yield

    def mark(self, thread):
        from opentelemetry import trace

        # Logfire scrubs every attribute that has `session` in its name, unless it comes by baggage.
        ids = {"gen_ai.conversation.id": thread.thread_id, "user.id": thread.user_id}
        trace.get_current_span().set_attributes(ids)

    def span(self, name):
        import logfire

        return logfire.span(name)


class LogfireRequests(Logfire):
    """The format before the semantic conventions: request and response as they are."""

    format = 1


class OpenLit(Platform):
    def setup(self):
        import openlit

        openlit.init(
            otlp_endpoint=self.play["otlpUrl"],
            application_name=self.service,
            environment="test",
            capture_message_content=self.captures,
            disable_metrics=True,
        )

    @contextlib.contextmanager
    def conversation(self, thread):
        import openlit

        with openlit.using_attributes(ids_of(thread)):
            yield


class Laminar(Platform):
    def setup(self):
        os.environ["OTEL_SERVICE_NAME"] = self.service
        os.environ["LMNR_TRACE_CONTENT"] = str(self.captures).lower()
        from lmnr import Laminar as Client

        host, port = self.play["otlpUrl"].rsplit(":", 1)
        Client.initialize(project_api_key="key", base_url=host, http_port=int(port), force_http=True)
        self.laminar = Client

    @contextlib.contextmanager
    def conversation(self, thread):
        self.mark(thread)
        yield

    def mark(self, thread):
        self.laminar.set_trace_session_id(thread.thread_id)
        self.laminar.set_trace_user_id(thread.user_id)

    def span(self, name):
        return self.laminar.start_as_current_span(name)

    def tool(self, call, run):
        with self.laminar.start_as_current_span(call["name"], input=call["arguments"], span_type="TOOL"):
            result = run()
            self.laminar.set_span_output(result)
            return result

    def flush(self):
        self.laminar.flush()

    def shutdown(self):
        self.laminar.shutdown()


class MLflow(Platform):
    """MLflow inside the app's own provider. The session of its own API is not exported, attributes are."""

    def setup(self):
        os.environ["OTEL_SERVICE_NAME"] = self.service
        os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = f"{self.play['otlpUrl']}/v1/traces"
        os.environ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf"
        os.environ["MLFLOW_USE_DEFAULT_TRACER_PROVIDER"] = "false"
        os.environ["MLFLOW_TRACKING_URI"] = self.play["otlpUrl"]
        import mlflow

        mlflow.openai.autolog()
        self.mlflow = mlflow

    @contextlib.contextmanager
    def conversation(self, thread):
        with self.span("answer"):
            self.mark(thread)
            yield

    def mark(self, thread):
        self.active.set_attributes(ids_of(thread))

    @contextlib.contextmanager
    def span(self, name):
        with self.mlflow.start_span(name) as self.active:
            yield

    def tool(self, call, run):
        with self.mlflow.start_span(call["name"], span_type="TOOL") as span:
            span.set_inputs(call["arguments"])
            result = run()
            span.set_outputs(result)
            return result


class LiteLLM(Platform):
    """LiteLLM in the place of the client, its callback `otel` in the app's own tracing."""

    def setup(self):
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"
        # Without a span of its own, LiteLLM writes on the current one, which has mostly ended by then.
        os.environ["USE_OTEL_LITELLM_REQUEST_SPAN"] = "true"
        os.environ["OTEL_EXPORTER"] = "otlp_http"
        os.environ["OTEL_ENDPOINT"] = f"{self.play['otlpUrl']}/v1/traces"
        export_spans(self.play, self.service)
        import litellm

        litellm.turn_off_message_logging = not self.captures
        litellm.callbacks = ["otel"]
        self.litellm = litellm

    def parent(self):
        """The context is lost in the threads where streams and failures are told of."""
        from opentelemetry import trace

        return {"metadata": {"litellm_parent_otel_span": trace.get_current_span()}}

    def wrap(self, client):
        def create(model, **body):
            answer = self.litellm.completion(
                model=f"openai/{model}",
                api_base=str(client.base_url),
                api_key=client.api_key,
                num_retries=0,
                **self.parent(),
                **body,
            )
            # A generator, for LiteLLM's own stream cannot be closed.
            return (chunk for chunk in answer) if body.get("stream") else answer

        return SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))

    def shutdown(self):
        from litellm.litellm_core_utils.thread_pool_executor import executor

        # Callbacks run after the call, in threads of their own.
        executor.shutdown(wait=True)
        super().shutdown()


class LiteLLMInference(LiteLLM):
    """LiteLLM under OpenInference instead of its callback."""

    def setup(self):
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "true"
        if not self.captures:
            os.environ["OPENINFERENCE_HIDE_INPUTS"] = "true"
            os.environ["OPENINFERENCE_HIDE_OUTPUTS"] = "true"
        export_spans(self.play, self.service)
        import litellm
        from openinference.instrumentation.litellm import LiteLLMInstrumentor

        LiteLLMInstrumentor().instrument()
        self.litellm = litellm

    @contextlib.contextmanager
    def conversation(self, thread):
        from openinference.instrumentation import using_attributes

        with using_attributes(session_id=thread.thread_id, user_id=thread.user_id):
            yield

    def parent(self):
        return {}


PLATFORMS = {
    "langfuse": Langfuse,
    "langsmith": LangSmith,
    "logfire": Logfire,
    "logfire-requests": LogfireRequests,
    "openlit": OpenLit,
    "laminar": Laminar,
    "mlflow": MLflow,
    "litellm": LiteLLM,
    "litellm-openinference": LiteLLMInference,
}
