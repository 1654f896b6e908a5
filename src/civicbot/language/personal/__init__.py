"""Personal data: what it looks like in Korean and English, and how it is masked."""

from civicbot.language.personal.kinds import Found, Masked, PersonalKind
from civicbot.language.personal.masking import mask_personal, public_contacts, without_placeholders
from civicbot.language.personal.words import label

__all__ = ["Found", "Masked", "PersonalKind", "label", "mask_personal", "public_contacts", "without_placeholders"]
