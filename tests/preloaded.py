"""What the processes of `tests.forked` have imported before they begin. None of it starts a thread or opens a file."""

import chromadb.api.rust
import chromadb.api.shared_system_client
import onnxruntime
import tokenizers

import bot.answering
import bot.chat
import bot.cli
import bot.discord.client
import bot.discord.health
import bot.discord.newsroom
import bot.doctor
import bot.progress
import bot.records
import bot.room
import ingest.minilm
import ingest.pipeline
import ingest.serve

__all__ = ["bot", "chromadb", "ingest", "onnxruntime", "tokenizers"]
