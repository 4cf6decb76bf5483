"""Pages that hold no article though words stand on them: paywalls, questions about cookies, doors for robots.

Says only which it is; a long text is never one of them, whatever it speaks of.
"""

import re

STUB_CHARACTERS_MAX = 1_500  # beyond, enough of an article is there to be one
DOOR_CHARACTERS_MAX = 800
CONSENT_WORDS_MIN = 3
WORDS_A_CONSENT_WORD_MAX = 40

CONSENT = re.compile(
    r"cookies?|consent|privacy (?:policy|settings|choices)|legitimate interest|our partners"
    r"|personali[sz]ed (?:ads|content)"
    r"|einwilligung|zustimm\w+|datenschutz\w*|consentement|confidentialité|consentimiento|privacidad"
    r"|файл\w* cookie|конфіденційн\w+|конфиденциальн\w+|ملفات تعريف الارتباط",
    re.IGNORECASE,
)
PAID = re.compile(
    r"(?:subscribe|sign in|log in|register|create an account)[^.!?\n]{0,40} to (?:continue|read|keep reading|unlock)"
    r"|(?:continue|keep) reading (?:with|by|for)|already a (?:subscriber|member)|subscribers? only"
    r"|(?:only|exclusive|reserved|available) (?:to|for) (?:our )?subscribers"
    r"|unlock (?:this|the full) (?:article|story)|this (?:article|content) is (?:for|reserved|only)"
    r"|nur für abonnenten|jetzt (?:abonnieren|weiterlesen)|mit (?:einem )?abo\b|réservée? (?:aux|à nos) abonnés"
    r"|abonnez-vous|(?:solo|exclusivo) para suscriptores|suscríbete|для передплатників|только для подписчиков",
    re.IGNORECASE,
)
DOOR = re.compile(
    r"(?:enable|turn on|activate) (?:javascript|cookies)|javascript (?:is|seems to be) (?:disabled|required)"
    r"|access denied|checking your browser|verify (?:that )?you are (?:a )?human|are you a robot|captcha"
    r"|unusual traffic|aktivieren sie javascript|activez javascript|habilita javascript",
    re.IGNORECASE,
)


def why_none(text: str, *, paid: bool = False) -> str | None:
    """Why these words of a page are no article; None where they may be one. `paid` is the page's own word."""
    if len(text) > STUB_CHARACTERS_MAX:
        return None
    if paid or PAID.search(text):
        return "only the beginning stands there: the article is for subscribers"
    consents = len(CONSENT.findall(text))
    if consents >= CONSENT_WORDS_MIN and len(text.split()) <= consents * WORDS_A_CONSENT_WORD_MAX:
        return "it asks about cookies, and holds no article"
    if len(text) <= DOOR_CHARACTERS_MAX and DOOR.search(text):
        return "it lets no program in, and holds no article"
    return None
