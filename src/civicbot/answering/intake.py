"""First stage: limits, Unicode clean-up, language, personal data, and the conversation that the question continues."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context
from civicbot.answering.protocols import Conversations
from civicbot.language.cleanup import clean_question
from civicbot.language.detect import detect_language
from civicbot.language.personal import mask_personal, public_contacts, without_placeholders
from civicbot.retrieval.opened import OpenGeneration


class Intake:
    """Makes a question fit to be answered.

    Args:
        conversations: where earlier turns come from.
    """

    name = "intake"

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._contacts: tuple[OpenGeneration, frozenset[str]] | None = None

    def __call__(self, context: Context) -> Context:
        """Cleans the text, masks personal data in it, settles the language and loads the conversation.

        What comes after sees nothing but the masked text: not even ``question`` keeps the original. ``question`` holds
        it with its placeholders, for the record; ``text`` without them, for the answer.

        Raises:
            InvalidQuestionError: the text cannot be asked.
            UnknownConversationError: the conversation is not known.
        """
        question = context.question
        cleaned = clean_question(question.text)
        language = question.language or detect_language(cleaned)
        masked = mask_personal(cleaned, language, self._contacts_of(context.generation))
        # A placeholder says nothing of what is asked; one that stands alone still gets an answer.
        asked = (without_placeholders(masked.text) if masked.found else "") or masked.text
        identifier = question.conversation_id
        # Looked up before one is started: an unknown id must not leave an empty conversation behind.
        earlier = tuple(self._conversations.earlier(identifier)) if identifier is not None else context.earlier
        return replace(
            context,
            question=question.model_copy(update={"text": masked.text}),
            text=asked,
            standalone=asked,
            language=language,
            conversation_id=identifier if identifier is not None else self._conversations.start(),
            earlier=earlier,
            masked=masked.kinds,
        )

    def _contacts_of(self, generation: OpenGeneration) -> frozenset[str]:
        # Kept for one generation at a time, as what scores its sentences is.
        held = self._contacts
        if held is None or held[0] is not generation:
            contacts = public_contacts(document.text for document in generation.documents)
            held = self._contacts = (generation, contacts)
        return held[1]
