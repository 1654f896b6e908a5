"""First stage: limits, Unicode clean-up, language, and the conversation that the question continues."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context
from civicbot.answering.protocols import Conversations
from civicbot.language.cleanup import clean_question
from civicbot.language.detect import detect_language


class Intake:
    """Makes a question fit to be answered.

    Args:
        conversations: where earlier turns come from.
    """

    name = "intake"

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def __call__(self, context: Context) -> Context:
        """Cleans the text, settles the language and loads the conversation.

        Raises:
            InvalidQuestionError: the text cannot be asked.
            UnknownConversationError: the conversation is not known.
        """
        question = context.question
        text = clean_question(question.text)
        identifier = question.conversation_id
        # Looked up before one is started: an unknown id must not leave an empty conversation behind.
        earlier = tuple(self._conversations.earlier(identifier)) if identifier is not None else ()
        return replace(
            context,
            text=text,
            standalone=text,
            language=question.language or detect_language(text),
            conversation_id=identifier if identifier is not None else self._conversations.start(),
            earlier=earlier,
        )
