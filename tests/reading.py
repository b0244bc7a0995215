"""How old somebody has to be to read a text with ease: the grade of Flesch and Kincaid, and 5 years."""

import re
from html import unescape

VOWELS = re.compile(r"[aeiouy]+")


PARAGRAPH = re.compile(r"<(p|li|dd)\b[^>]*>(.*?)</\1>", re.DOTALL)
FEWEST_WORDS = 4


def sentences(page: str) -> list[str]:
    """The whole sentences in the paragraphs and lists of a page."""
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for _, text in PARAGRAPH.findall(page)]
    found = [one for text in texts for one in re.findall(r"[^.!?:]+[.!?:](?=\s|$)", text)]
    return [one.strip() for one in found if len(one.split()) >= FEWEST_WORDS]


def syllables(word: str) -> int:
    """As they are usually counted: groups of vowels, without an e that is not spoken."""
    word = word.lower()
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszhxcg])es$", "", word)
    return max(len(VOWELS.findall(spoken)), 1)


def reading_age(sentences: list[str]) -> float:
    """The age for these sentences together."""
    words = [re.findall(r"[A-Za-z]+", one) for one in sentences]
    all_words = [word for one in words for word in one]
    long = len(all_words) / len(sentences)
    heavy = sum(map(syllables, all_words)) / len(all_words)
    return 0.39 * long + 11.8 * heavy - 15.59 + 5
