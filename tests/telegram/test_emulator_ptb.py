"""python-telegram-bot as it is shipped finds the emulator to be Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from tests.telegram.emulator import Emulator, Fault
from tests.telegram.emulator.people import Person

Context = ContextTypes.DEFAULT_TYPE


def application(telegram: Emulator) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = Application.builder().token(telegram.token)
    return builder.base_url(f"{telegram.url}/bot").base_file_url(f"{telegram.url}/file/bot").build()


async def start(update: Update, _context: Context) -> None:
    assert update.message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("再来", callback_data="again")]])
    await update.message.reply_html("<b>好</b>", reply_markup=keyboard)


async def pressed(update: Update, _context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("收到")
    await update.callback_query.edit_message_text("改了")


async def document(update: Update, _context: Context) -> None:
    assert update.message is not None and update.message.document is not None
    file = await update.message.document.get_file()
    await update.message.reply_document(bytes(await file.download_as_bytearray()), filename="回.txt")


async def converse(telegram: Emulator, anna: Person) -> None:
    app = application(telegram)
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.Document.ALL, document))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(poll_interval=0, timeout=2)
        anna.say("/start")
        hello = await asyncio.to_thread(anna.room.answer)
        assert hello["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
        click = anna.click(hello, "再来")
        assert (await asyncio.to_thread(click.wait))["text"] == "收到"
        assert (await asyncio.to_thread(anna.room.wait_edit, hello))["text"] == "改了"
        anna.upload("报告.txt", "正文".encode())
        back = await asyncio.to_thread(anna.room.answer)
        assert back["document"]["file_name"] == "回.txt"
        assert telegram.world.files[back["document"]["file_id"]].data.decode() == "正文"
        await app.updater.stop()
        await app.stop()


def test_polling_handlers_buttons_and_files(telegram: Emulator) -> None:
    asyncio.run(converse(telegram, telegram.person("Anna")))


async def fail(telegram: Emulator, anna: Person) -> None:
    async with application(telegram) as app:
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await app.bot.send_message(anna.id, "<b>x", parse_mode="HTML")
        with pytest.raises(BadRequest, match="Message is too long"):
            await app.bot.send_message(anna.id, "x" * 4097)
        telegram.faults.add(Fault("sendMessage", "too_many", seconds=7))
        with pytest.raises(RetryAfter) as caught:
            await app.bot.send_message(anna.id, "x")
        assert "7" in str(caught.value)
        anna.block()
        with pytest.raises(Forbidden, match="blocked"):
            await app.bot.send_message(anna.id, "x")


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_errors_are_those_that_the_client_knows(telegram: Emulator, anna: Person) -> None:
    asyncio.run(fail(telegram, anna))
