"""What frameworks that trace themselves need: exporters, the switches of each, and no patching."""

import os

from play import Tracer, export_logs, export_spans


class NativeTracer(Tracer):
    """Spans of the framework's own; an app that can, hands the ids to the framework."""

    environment = {}
    hidden = {}

    def setup(self):
        os.environ.update(self.environment)
        if not self.scenario.get("capture", True):
            os.environ.update(self.hidden)
        export_spans(self.play, self.service)


class NativeLogsTracer(NativeTracer):
    """Spans, and logs of what was said."""

    def setup(self):
        super().setup()
        self.logs = export_logs(self.play, self.service)

    def flush(self):
        super().flush()
        self.logs.force_flush()

    def shutdown(self):
        super().shutdown()
        self.logs.shutdown()


def is_named(play):
    """Whether the framework is told the thread's id, where it takes one."""
    return "threadIdOn" not in play["scenario"]
