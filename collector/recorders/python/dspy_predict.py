"""DSPy's Predict over OpenAI: a signature with a history, which the app keeps."""

import sys

import dspy
from play import Completion, Player, read_play
from sdk_tracers import TRACERS


class DSPyPredict:
    def __init__(self, play):
        self.play = play

    def user(self, text, attachments):
        return {"question": text}

    def assistant(self, text):
        return {"answer": text}

    def answer(self, request):
        return [self.assistant(self.predict(request))]

    def complete(self, request):
        return Completion(messages=[], text=self.predict(request))

    def predict(self, request):
        signature = dspy.Signature("question, history: dspy.History -> answer", request.system)
        *history, asked = request.messages
        turns = [{**question, **answer} for question, answer in zip(history[::2], history[1::2], strict=True)]
        model = dspy.LM(
            "openai/gpt-4o-mini",
            api_base=f"{self.play['providerUrl']}/v1",
            api_key=request.thread.key,
            cache=False,
            num_retries=0,
        )
        with dspy.context(lm=model):
            return dspy.Predict(signature)(**asked, history=dspy.History(messages=turns)).answer


if __name__ == "__main__":
    play = read_play()
    app = DSPyPredict(play)
    app.player = Player(play, app, TRACERS[sys.argv[1]](play, "dspy"))
    app.player.run()
