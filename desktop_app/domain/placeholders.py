"""Test words and filled-in nonsense 试填 among real families (feature B9): a warning, never a stop.

A child may be called so; whoever keys it is asked to look once more.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = frozenset(
    {
        "测试",
        "试",
        "试试",
        "测试员",
        "测试学生",
        "样例",
        "示例",
        "无名",
        "未知",
        "某某",
        "某某某",
        "张三",
        "李四",
        "王五",
        "赵六",
        "张三丰测试",
        "小明",
        "甲乙丙",
        "test",
        "abc",
        "xxx",
        "none",
        "null",
        "无",
        "暂无",
        "同上",
    }
)
_BEGINNINGS = ("测试", "test", "试填")
_ROWS = ("1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefgh")
_RUN = 4
_SAME_DIGITS = 7
_FOUR_ALIKE = re.compile(r"(.)\1{3,}")


def is_placeholder(text: str) -> bool:
    """Say whether a name or address looks like a test: a known word, one sign, a keyboard run."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    key = "".join(one for one in folded if one.isalnum() or unicodedata.category(one) == "Co")
    if not key:
        return False
    if key in _WORDS or key.startswith(_BEGINNINGS) or _FOUR_ALIKE.fullmatch(key):
        return True
    return len(key) >= _RUN and any(key in row for row in _ROWS)


def is_placeholder_number(text: str) -> bool:
    """Say whether a telephone looks like a test: seven equal digits in the end, or a plain run."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", text) if one.isdigit())
    tail = digits[-_SAME_DIGITS - 1 :]
    if len(tail) <= _SAME_DIGITS:
        return False
    runs = (row * 2 for row in _ROWS[:2])
    return len(set(tail[1:])) == 1 or any(tail in run for run in runs)
