"""The emulator's methods over plain HTTP: the four ways of parameters, what is kept, the errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.telegram.emulator import Emulator
from tests.telegram.emulator.people import Person
from tests.telegram.plain_client import Client

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_parameters_come_four_ways(anna: Person, bot: Client) -> None:
    keyboard = {"inline_keyboard": [[{"text": "图", "callback_data": "c:1"}]]}
    values: dict[str, Any] = {
        "chat_id": anna.id,
        "text": "<b>x</b>",
        "parse_mode": "HTML",
        "reply_markup": json.dumps(keyboard),
    }
    url = f"{bot.base}/sendMessage"
    replies = [
        bot.http.get(url, params=values),
        bot.http.post(url, data=values),
        bot.http.post(url, data=values, files={"unused": ("a.txt", b"x")}),
        bot.http.post(url, json={**values, "reply_markup": keyboard}),
    ]
    for reply in replies:
        message = reply.json()["result"]
        assert message["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
        assert message["reply_markup"] == keyboard
    assert len(anna.room.from_bot()) == 4
    assert bot.http.post(url, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_tokens_and_methods(telegram: Emulator, bot: Client) -> None:
    assert bot("getMe")["result"]["username"] == "zhengwen_test_bot"
    assert bot("GETME")["ok"]
    assert bot("sendNothing")["error_code"] == 404
    wrong = bot.http.get(f"{telegram.url}/bot{telegram.token}x/getMe").json()
    assert (wrong["error_code"], wrong["description"]) == (401, "Unauthorized")
    assert bot.http.get(f"{telegram.url}/botnonsense/getMe").status_code == 404


def test_sending_errors(telegram: Emulator, anna: Person, bot: Client) -> None:
    bob = telegram.person("Bob")
    to = {"chat_id": anna.id}
    assert bot.error("sendMessage", text="x") == "400 chat_id is empty"
    assert bot.error("sendMessage", chat_id=1, text="x") == "400 chat not found"
    assert bot.error("sendMessage", chat_id=bob.id, text="x") == "403 bot can't initiate conversation with a user"
    assert bot.error("sendMessage", **to, text=" \n") == "400 message text is empty"
    assert bot.error("sendMessage", **to, text="<i></i>", parse_mode="HTML") == "400 message text is empty"
    assert bot("sendMessage", **to, text="<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")["ok"]
    assert bot.error("sendMessage", **to, text="😀" * 2049) == "400 message is too long"
    assert bot.error("sendMessage", **to, text="x", parse_mode="HTMX") == "400 unsupported parse_mode"
    assert bot.error("sendMessage", **to, text="x", reply_parameters={"message_id": 99}).endswith("replied not found")
    assert bot("sendMessage", **to, text="x", reply_parameters={"message_id": 99, "allow_sending_without_reply": True})[
        "ok"
    ]
    anna.block()
    assert bot.error("sendMessage", **to, text="x") == "403 bot was blocked by the user"
    assert bot.error("sendChatAction", **to, action="typing") == "403 bot was blocked by the user"
    anna.unblock()
    assert bot("sendChatAction", **to, action="typing")["ok"]
    assert bot.error("sendChatAction", **to, action="thinking") == "400 wrong parameter action in request"


def test_editing_and_deleting(anna: Person, bot: Client) -> None:
    to = {"chat_id": anna.id}
    keyboard = {"inline_keyboard": [[{"text": "图", "callback_data": "c:1"}]]}
    number = bot("sendMessage", **to, text="a", reply_markup=keyboard)["result"]["message_id"]
    same = bot.error("editMessageText", **to, message_id=number, text="a", reply_markup=keyboard)
    assert same.startswith("400 message is not modified: specified new message content")
    assert "reply_markup" not in bot("editMessageText", **to, message_id=number, text="a")["result"]
    assert bot("editMessageText", **to, message_id=number, text="b")["result"]["edit_date"]
    assert bot("editMessageReplyMarkup", **to, message_id=number, reply_markup=keyboard)["ok"]
    assert "not modified" in bot.error("editMessageReplyMarkup", **to, message_id=number, reply_markup=keyboard)
    assert bot.error("editMessageText", **to, message_id=number + 99, text="b") == "400 message to edit not found"
    assert bot.error("editMessageText", **to, text="b") == "400 message identifier is not specified"
    assert bot.error("editMessageText", **to, message_id=number, text="b" * 4097) == "400 MESSAGE_TOO_LONG"
    hers = anna.room.messages()[0]["message_id"]
    assert bot.error("editMessageText", **to, message_id=hers, text="b") == "400 message can't be edited"
    assert bot("deleteMessage", **to, message_id=number)["ok"]
    assert bot.error("deleteMessage", **to, message_id=number) == "400 message to delete not found"


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "x", "callback_data": "d" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "据" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "copy_text": {"text": "1" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "d"}, "text is empty"),
        ({"callback_data": "d"}, 'can\'t find field "text"'),
        ({"text": "x", "callback_data": "d", "url": "https://example.org"}, "exactly one"),
    ],
)
def test_buttons_are_checked(anna: Person, bot: Client, button: dict[str, Any], error: str) -> None:
    assert error in bot.error("sendMessage", chat_id=anna.id, text="x", reply_markup={"inline_keyboard": [[button]]})


def test_files_go_up_and_down(telegram: Emulator, anna: Person, bot: Client) -> None:
    def send(method: str, kind: str, data: bytes, **more: Any) -> Any:
        files = {kind: ("a.png", data)}
        return bot.http.post(f"{bot.base}/{method}", data={"chat_id": anna.id, **more}, files=files).json()

    sent = send("sendPhoto", "photo", PNG, caption="<b>图</b>", parse_mode="HTML")["result"]
    assert (sent["photo"][0]["width"], sent["caption"]) == (1, "图")
    assert send("sendPhoto", "photo", b"no picture")["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert send("sendPhoto", "photo", b"")["description"] == "Bad Request: file must be non-empty"
    assert send("sendPhoto", "photo", PNG, caption="x" * 1025)["description"].endswith("message caption is too long")
    assert bot.error("sendPhoto", chat_id=anna.id) == "400 there is no photo in the request"
    assert bot("sendPhoto", chat_id=anna.id, photo=sent["photo"][0]["file_id"])["ok"]
    document = anna.upload("报告.txt", "正文".encode())["document"]
    kept = bot("getFile", file_id=document["file_id"])["result"]
    assert bot.http.get(f"{telegram.url}/file/bot{telegram.token}/{kept['file_path']}").content.decode() == "正文"
    assert bot.http.get(f"{telegram.url}/file/bot{telegram.token}x/{kept['file_path']}").status_code == 401
    large = anna.upload("大.pdf", b"x" * (21 * 1024 * 1024))["document"]
    assert bot.error("getFile", file_id=large["file_id"]) == "400 file is too big"
    assert bot.error("getFile", file_id="x") == "400 invalid file_id"


def test_pressed_buttons_wait_for_an_answer(telegram: Emulator, anna: Person, bot: Client) -> None:
    keyboard = {"inline_keyboard": [[{"text": "原文 [1]", "callback_data": "c:1"}]]}
    bot("sendMessage", chat_id=anna.id, text="x", reply_markup=keyboard)
    message = anna.room.answer()
    with pytest.raises(AssertionError, match="no button"):
        anna.click(message, "图")
    pressed = anna.click(message, "原文")
    query = bot("getUpdates")["result"][-1]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("c:1", anna.id)
    assert query["message"]["reply_markup"] == keyboard
    assert bot("answerCallbackQuery", callback_query_id=query["id"], text="好")["ok"]
    assert pressed.wait()["text"] == "好"
    assert bot.error("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201) == "400 MESSAGE_TOO_LONG"
    telegram.api.queries.lifetime = 0
    anna.click(message, "原文")
    late = bot("getUpdates", offset=-1)["result"][-1]["callback_query"]["id"]
    assert bot.error("answerCallbackQuery", callback_query_id=late).startswith("400 query is too old")


def article(number: str = "1", **more: Any) -> dict[str, Any]:
    content = {"message_text": "<b>x</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": number, "title": "t", "input_message_content": content, **more}


def test_inline_results_are_checked_and_chosen(telegram: Emulator, anna: Person, bot: Client) -> None:
    typed = anna.inline("滨城区")
    query = bot("getUpdates")["result"][-1]["inline_query"]["id"]

    def refused(*results: dict[str, Any]) -> str:
        return bot.error("answerInlineQuery", inline_query_id=query, results=list(results)).removeprefix("400 ")

    assert refused(article("x" * 65)) == "RESULT_ID_INVALID"
    assert refused(article(), article()) == "RESULT_ID_DUPLICATE"
    assert refused(article(title="")) == "ARTICLE_TITLE_EMPTY"
    assert refused(*(article(str(one)) for one in range(51))) == "RESULTS_TOO_MUCH"
    assert "can't parse entities" in refused(
        article(input_message_content={"message_text": "<x>", "parse_mode": "HTML"})
    )
    assert bot("answerInlineQuery", inline_query_id=query, results=[article()])["ok"]
    group = telegram.group("县情", anna)
    message = anna.choose(typed, 0, group)
    assert message["via_bot"]["id"] == telegram.world.bot["id"]
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 1}]


def test_commands_and_descriptions_are_kept_by_language(bot: Client) -> None:
    commands = [{"command": "help", "description": "帮助"}]
    assert bot("setMyCommands", commands=commands, language_code="zh")["ok"]
    assert bot("getMyCommands")["result"] == []
    assert bot("getMyCommands", language_code="zh")["result"] == commands
    assert bot.error("setMyCommands", commands=[{"command": "Help", "description": "x"}]) == "400 BOT_COMMAND_INVALID"
    assert bot.error("setMyCommands", commands=[{"command": "help", "description": ""}]).endswith("DESCRIPTION_INVALID")
    assert bot("setMyDescription", description="查数字")["ok"]
    assert bot("getMyDescription")["result"] == {"description": "查数字"}
    assert "too long" in bot.error("setMyShortDescription", short_description="x" * 121)
