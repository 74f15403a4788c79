"""Google's Python SDK over Gemini, the history kept by the app."""

import sys

from play import Completion, Player, read_play
from sdk_tracers import TRACERS

MODEL = "gemini-2.5-flash"


class GoogleGenAI:
    def __init__(self, play):
        self.play = play
        self.clients = {}

    def client(self, key):
        from google import genai

        if key not in self.clients:
            self.clients[key] = genai.Client(api_key=key, http_options={"base_url": self.play["providerUrl"]})
        return self.clients[key]

    def user(self, text, attachments):
        from google.genai import types

        media = [types.Part.from_bytes(data=item["bytes"], mime_type=item["mimeType"]) for item in attachments]
        return types.Content(role="user", parts=[types.Part.from_text(text=text), *media])

    def assistant(self, text):
        from google.genai import types

        return types.Content(role="model", parts=[types.Part.from_text(text=text)])

    def tool_result(self, call, text, is_error):
        from google.genai import types

        return types.Part.from_function_response(name=call["name"], response={"result": text})

    def tool_results(self, results):
        """All results of one answer go back in one message."""
        from google.genai import types

        return [types.Content(role="user", parts=results)]

    def complete(self, request):
        from google.genai import types

        declarations = [
            types.FunctionDeclaration(
                name=tool["name"], description=tool["description"], parameters_json_schema=tool["parameters"]
            )
            for tool in request.tools
        ]
        config = types.GenerateContentConfig(
            system_instruction=request.system,
            tools=[types.Tool(function_declarations=declarations)] if declarations else None,
            response_mime_type="application/json" if request.schema else None,
            response_json_schema=request.schema,
        )
        models = self.client(request.thread.key).models
        asked = {"model": MODEL, "contents": list(request.messages), "config": config}
        if not request.stream:
            return completion(models.generate_content(**asked).candidates[0].content.parts)
        parts, pieces = [], 0
        stream = models.generate_content_stream(**asked)
        for chunk in stream:
            parts.extend(chunk.candidates[0].content.parts or [])
            pieces += sum(1 for part in chunk.candidates[0].content.parts or [] if part.text)
            if pieces == request.abandon_after:
                stream.close()
                break
        return completion(joined(parts))


def joined(parts):
    """The pieces of a stream as one text, and the calls."""
    from google.genai import types

    text = "".join(part.text for part in parts if part.text)
    return [*([types.Part.from_text(text=text)] if text else []), *(part for part in parts if part.function_call)]


def completion(parts):
    from google.genai import types

    calls = [
        {"id": part.function_call.id, "name": part.function_call.name, "arguments": part.function_call.args}
        for part in parts
        if part.function_call
    ]
    text = "".join(part.text for part in parts if part.text and not part.thought)
    return Completion(messages=[types.Content(role="model", parts=parts)], text=text, tool_calls=calls)


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play, "google-genai")
    Player(play, GoogleGenAI(play), tracer).run()
