"""Anthropic's Python SDK under OpenLLMetry's instrumentation, exported by Langfuse's SDK as its users set it up."""

import importlib
import os

from anthropic_messages import AnthropicMessages
from platform_tracers import Langfuse
from play import Player, read_play
from sdk_tracers import TRACELOOP


class LangfuseAround(Langfuse):
    def setup(self):
        os.environ["OTEL_SERVICE_NAME"] = self.service
        os.environ["TRACELOOP_TRACE_CONTENT"] = str(self.captures).lower()
        from langfuse import Langfuse as Client

        self.langfuse = Client(public_key="pk-lf-play", secret_key="sk-lf-play", base_url=self.play["otlpUrl"])
        module, name, options = TRACELOOP["anthropic"]
        getattr(importlib.import_module(module), name)(**options).instrument()


if __name__ == "__main__":
    play = read_play()
    Player(play, AnthropicMessages(play), LangfuseAround(play)).run()
