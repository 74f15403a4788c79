"""OpenAI's Python SDK over Chat Completions, as the SDK of an observability platform wraps it."""

import sys

from openai_chat import OpenAIChat
from platform_tracers import PLATFORMS
from play import Player, read_play


class WrappedChat(OpenAIChat):
    def __init__(self, play, platform):
        super().__init__(play)
        self.platform = platform

    def client(self, key):
        if key not in self.clients:
            self.clients[key] = self.platform.wrap(super().client(key))
        return self.clients[key]


if __name__ == "__main__":
    play = read_play()
    platform = PLATFORMS[sys.argv[1]](play)
    Player(play, WrappedChat(play, platform), platform).run()
