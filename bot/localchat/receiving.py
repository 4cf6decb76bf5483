"""How updates reach the bot: getUpdates, setWebhook, deleteWebhook, getWebhookInfo.

A webhook may stand on loopback only, and by plain HTTP, as a self-hosted Bot API server allows.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.localchat.bench import Bench
from bot.localchat.given import Given
from bot.localchat.guard import LOOPBACK
from bot.localchat.refusal import CONFLICT, bad_request, refused
from bot.localchat.webhooks import Webhook

LIMIT_DEFAULT = 100
SECRET_MAX = 256
CONNECTIONS_MAX = 100
CONNECTIONS_DEFAULT = 40

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

JSON = dict[str, Any]


async def get_updates(bench: Bench, given: Given) -> list[JSON]:
    if bench.webhook:
        raise refused(CONFLICT, _ACTIVE)
    _allow(bench, given)
    seconds = max(0, given.integer("timeout")) / bench.time_scale
    return await bench.updates.poll(given.integer("offset"), given.integer("limit", LIMIT_DEFAULT), seconds)


def _allow(bench: Bench, given: Given) -> None:
    allowed = given.structure("allowed_updates", "allowed updates")
    if isinstance(allowed, list):
        bench.updates.allow([str(one) for one in allowed])


async def set_webhook(bench: Bench, given: Given) -> bool:
    url = given.text("url").strip()
    if not url:
        return await delete_webhook(bench, given)
    secret = given.text("secret_token")
    if len(secret) > SECRET_MAX:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _check(url)
    _allow(bench, given)
    if given.boolean("drop_pending_updates"):
        bench.updates.forget()
    connections = max(1, min(given.integer("max_connections", CONNECTIONS_DEFAULT), CONNECTIONS_MAX))
    _lay_down(bench)
    bench.updates.interrupt("terminated by setWebhook request")
    bench.webhook = Webhook(url, secret, connections, bench.updates, bench.world, bench.time_scale)
    bench.webhook.start()
    return True


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in ("http", "https") or not host:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "https" or host not in LOOPBACK:
        raise bad_request("bad webhook: this server delivers to http:// on loopback only")


async def delete_webhook(bench: Bench, given: Given) -> bool:
    _lay_down(bench)
    if given.boolean("drop_pending_updates"):
        bench.updates.forget()
    return True


def _lay_down(bench: Bench) -> None:
    if bench.webhook:
        bench.webhook.stop()
    bench.webhook = None


async def get_webhook_info(bench: Bench, given: Given) -> JSON:
    info: JSON = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bench.updates)}
    webhook = bench.webhook
    if webhook is None:
        return info
    info |= {"url": webhook.url, "max_connections": webhook.connections, "ip_address": "127.0.0.1"}
    if webhook.failed_at:
        info |= {"last_error_date": webhook.failed_at, "last_error_message": webhook.failure}
    return info | ({"allowed_updates": list(bench.updates.allowed)} if bench.updates.allowed else {})
