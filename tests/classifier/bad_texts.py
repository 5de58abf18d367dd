"""Bad input of every kind: no model may raise on it, and each text has a defined answer."""

BAD = [
    "",
    " \n\t",
    "啊",
    "。",
    "字" * 100_000,
    "投诉" * 50_000,
    "🙂" * 3_000,
    "\x00\x01\x02\x1b[31m",
    "\ud800\udfff\ud83d",
    "\u202e\u200b\ufeff",
    "<script>alert('x')</script>" * 20,
    "'; DROP TABLE complaints_case; --",
    "The shop refuses to refund my order and nobody answers the phone",
    "Μηχάνημα χαλασμένο! لا يعمل. 壊れた",
    "asdkjh qwoeiu zmxnb 12983",
    "1" * 5_000,
    "\U0010ffff\U000e0001",
    "{}[]\\\"'%s%n",
]
