"""Counts tokens with tokenizers that are published on PyPI.

Reads lines of JSON from the standard input, each with a `text`. Writes one line of JSON for each tokenizer: its `name`, and the
`counts` of all texts in their order.
"""

import base64
import json
import sys
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import sentencepiece
import tiktoken
import tokenizers
from tiktoken.load import load_tiktoken_bpe

QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def file_of(package, path):
    return Path(find_spec(package).origin).parent / path


def byte_pairs(words, ranks):
    encoding = tiktoken.Encoding("own", pat_str=words, mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


def qwen():
    count = byte_pairs(QWEN_WORDS, load_tiktoken_bpe(str(file_of("dashscope", "resources/qwen.tiktoken"))))
    return lambda text: count(unicodedata.normalize("NFC", text))


def tekken(name):
    model = json.loads(file_of("mistral_common", f"data/{name}").read_text())
    config = model["config"]
    size = config["default_vocab_size"] - config["default_num_special_tokens"]
    ranks = {base64.b64decode(token["token_bytes"]): token["rank"] for token in model["vocab"][:size]}
    return byte_pairs(config["pattern"], ranks)


def mistral(name):
    model = sentencepiece.SentencePieceProcessor(model_file=str(file_of("mistral_common", f"data/{name}")))
    return lambda text: len(model.encode(text))


def claude():
    model = tokenizers.Tokenizer.from_file(str(file_of("anthropic", "tokenizer.json")))
    return lambda text: len(model.encode(text, add_special_tokens=False))


def main():
    texts = [json.loads(line)["text"] for line in sys.stdin]
    counters = {
        "Claude 2": claude(),
        "Qwen": qwen(),
        "Mistral v1 (SentencePiece)": mistral("tokenizer.model.v1"),
        "Mistral v7 (SentencePiece)": mistral("mistral_instruct_tokenizer_241114.model.v7"),
        "Mistral Tekken": tekken("tekken_240911.json"),
    }
    for name, count in counters.items():
        print(json.dumps({"name": name, "counts": [count(text) for text in texts]}), flush=True)


main()
