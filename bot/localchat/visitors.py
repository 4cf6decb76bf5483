"""The demo's furniture: you, a second person, and a group with topics where both are members."""

from bot.localchat.local_server import LocalServer
from bot.localchat.world import Chat, User

#: Fixed, so that a demo started again knows its visitor.
VISITOR_ID = 501
SECOND_ID = 502
GROUP_ID = -1_000_000_000_777
TOPICS = ("Morning paper", "Fact check")


def furnish(local: LocalServer) -> tuple[User, User, Chat]:
    """Adds the visitor, a second person and their group, all at rest; returns the three."""
    visitor = local.add_user("You", user_id=VISITOR_ID, username="you", started=False)
    second = local.add_user("Rosa", user_id=SECOND_ID, last_name="Lind", username="rosa_lind", started=False)
    group = local.add_group("Newsdesk", visitor, second, topics=TOPICS, chat_id=GROUP_ID)
    return visitor, second, group
