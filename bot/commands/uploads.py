"""A file that an operator sends in private: fetched from Telegram, bounded, and kept to be taken in beside all else."""

from telegram import Document, Update
from telegram.error import BadRequest

from bot.commands.owing import say
from bot.commands.reader import reader_of, view_of
from bot.messages import uploads as messages
from bot.messages.uploads import Upload
from bot.telegram.context import Context

UPLOAD_BYTES_MAX = 20_000_000  # no bot may download more


async def sent(update: Update, context: Context) -> bool:
    """Whether it is an operator's file, and so was kept, or refused with its reason; nothing else is opened."""
    reader, message = reader_of(update, context), update.effective_message
    document = message.document if message else None
    if message is None or document is None or not reader.private:
        return False
    async with context.room.store.reading() as session:
        view = await view_of(session, reader, context)
    if not view.operator:
        return False
    name = document.file_name or ""
    upload = Upload(reader.update_id, reader.chat_id, message.message_id, name, reader.language)
    if context.room.uploads.unusable(name):
        await say(context, reader, messages.refused(view, upload, "upload_type"))
        return True
    content = await _content(document)
    if content is None:
        await say(context, reader, messages.refused(view, upload, "upload_large"))
        return True
    await context.room.uploads.keep(upload, content)
    return True


async def _content(document: Document) -> bytes | None:
    """The file's bytes; None where they are too many for us or for Telegram."""
    if (document.file_size or 0) > UPLOAD_BYTES_MAX:
        return None
    try:
        file = await document.get_file()
    except BadRequest as error:
        if "too big" in str(error).lower():
            return None
        raise
    content = bytes(await file.download_as_bytearray())
    return content if len(content) <= UPLOAD_BYTES_MAX else None
