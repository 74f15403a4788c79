"""LangChain's agents on LangGraph: the history is kept by a checkpointer, under the thread's id."""

import sys
import uuid

from langchain_tracers import TRACERS
from play import Completion, Player, ToolFailed, read_play

MODEL = "gpt-4o-mini"


class LangChainAgent:
    def __init__(self, play, tracer):
        from langgraph.checkpoint.memory import InMemorySaver

        self.play = play
        self.tracer = tracer
        self.scenario = play["scenario"]
        self.checkpointer = InMemorySaver() if tracer.names_threads else None
        self.kept = {}  # what the checkpointer holds, by thread

    def model(self, key, stream=False):
        from langchain_openai import ChatOpenAI

        thinks = any("reasoning" in reply for step in self.scenario["steps"] for reply in step["replies"])
        options = {}
        if thinks:
            options = {"use_responses_api": True, "reasoning": {"effort": "low", "summary": "auto"}}
        if self.scenario.get("chained"):
            options = {"use_responses_api": True, "use_previous_response_id": True}
        return ChatOpenAI(
            model=MODEL,
            base_url=f"{self.play['providerUrl']}/v1",
            api_key=key,
            max_retries=0,
            streaming=stream,
            stream_usage=True,
            **options,
        )

    def user(self, text, attachments):
        from langchain_core.messages import HumanMessage

        parts = [
            {
                "type": item["kind"],
                "base64": item["base64"],
                "mime_type": item["mimeType"],
                **({"filename": item["name"]} if item["kind"] == "file" else {}),
            }
            for item in attachments
        ]
        content = [{"type": "text", "text": text}, *parts] if parts else text
        return HumanMessage(content, id=str(uuid.uuid4()))

    def assistant(self, text):
        from langchain_core.messages import AIMessage

        return AIMessage(text, id=str(uuid.uuid4()))

    def tools(self, request):
        from langchain_core.tools import StructuredTool

        return [
            StructuredTool.from_function(
                func=self.tool(request, tool),
                name=tool["name"],
                description=tool["description"],
                args_schema=tool["parameters"],
                handle_tool_error=True,
            )
            for tool in request.tools
        ]

    def tool(self, request, tool):
        from langchain_core.tools import ToolException

        def run(**arguments):
            try:
                return request.run_tool(tool["name"], arguments)
            except ToolFailed as failure:
                raise ToolException(str(failure)) from None

        return run

    def agent(self, request, name=None, system=None, tools=None, checkpointer=None):
        from langchain.agents import create_agent
        from langchain.agents.structured_output import ProviderStrategy

        schema = request.schema and ProviderStrategy({"title": "answer", **request.schema})
        return create_agent(
            self.model(request.thread.key, request.stream),
            tools=self.tools(request) if tools is None else tools,
            system_prompt=request.system if system is None else system,
            response_format=schema,
            checkpointer=checkpointer,
            name=name or request.agent,
        )

    def desks(self, request, tool):
        """Two agents of one graph; a tool of the first gives the conversation to the second."""
        from langchain_core.messages import ToolMessage
        from langchain_core.tools import InjectedToolCallId, StructuredTool
        from langgraph.graph import START, MessagesState, StateGraph
        from langgraph.prebuilt import InjectedState
        from langgraph.types import Command
        from typing import Annotated

        booking = tool["handOff"]["name"]

        def transfer(
            reason: str,
            state: Annotated[dict, InjectedState],
            tool_call_id: Annotated[str, InjectedToolCallId],
        ):
            result = request.run_tool(tool["name"], {"reason": reason})
            told = ToolMessage(result, tool_call_id=tool_call_id, name=tool["name"])
            return Command(goto=booking, graph=Command.PARENT, update={"messages": [*state["messages"], told]})

        hand_off = StructuredTool.from_function(transfer, name=tool["name"], description=tool["description"])
        here = request.system if request.agent == "colette" else self.scenario["system"]
        graph = StateGraph(MessagesState)
        graph.add_node("colette", self.agent(request, "colette", here, [hand_off]))
        graph.add_node(booking, self.agent(request, booking, tool["handOff"]["system"], []))
        graph.add_edge(START, request.agent)
        return graph.compile(checkpointer=self.checkpointer, name="desks")

    def answer(self, request):
        hand_off = next((tool for tool in request.tools if "handOff" in tool), None)
        if hand_off:
            agent = self.desks(request, hand_off)
        else:
            agent = self.agent(request, checkpointer=self.checkpointer)
        config = self.tracer.config(request.thread)
        given = {"messages": self.told(request)}
        if request.stream:
            new = self.read(agent, given, config, request.abandon_after)
            if new is not None:
                return new
            messages = agent.get_state(config).values["messages"]
        else:
            messages = agent.invoke(given, config)["messages"]
        self.kept[request.thread.key] = messages
        return messages[len(request.messages) :]

    def told(self, request):
        """The new message, where the checkpointer has the others; else all of them in their stead."""
        from langchain_core.messages import RemoveMessage
        from langgraph.graph.message import REMOVE_ALL_MESSAGES

        kept = self.kept.get(request.thread.key, [])
        before = [message.id for message in request.messages[:-1]]
        if self.checkpointer is None:
            return request.messages
        if [message.id for message in kept] == before:
            return request.messages[-1:]
        return [RemoveMessage(id=REMOVE_ALL_MESSAGES), *request.messages]

    def read(self, agent, given, config, abandon_after):
        """Streams to the end, or leaves and says what was heard."""
        heard = ""
        pieces = 0
        stream = agent.stream(given, config, stream_mode="messages")
        for chunk, _ in stream:
            if chunk.text:
                heard += chunk.text
                pieces += 1
            if pieces == abandon_after:
                stream.close()
                return [self.assistant(heard)]
        return None

    def complete(self, request):
        """A call beside the conversation: an agent of its own where it is a tool's, else the model alone."""
        from langchain_core.messages import SystemMessage

        config = self.tracer.config(request.thread)
        if request.agent == "side":
            model = self.model(request.thread.key)
            return Completion([], model.invoke([SystemMessage(request.system), *request.messages], config).text)
        agent = self.agent(request, tools=[])
        return Completion([], agent.invoke({"messages": request.messages})["messages"][-1].text)


if __name__ == "__main__":
    play = read_play()
    tracer = TRACERS[sys.argv[1]](play)
    Player(play, LangChainAgent(play, tracer), tracer).run()
