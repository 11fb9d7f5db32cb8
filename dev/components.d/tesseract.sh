# shellcheck shell=bash disable=SC2034,SC2154  # a recipe of dev/components, which says what the names mean
about='OCR of scans, with English'

program() { command -v tesseract; }
version() { tesseract --version 2>&1 | grep -oE '[0-9.]+' | head -n 1; }
provide() { apt_install tesseract-ocr; }
