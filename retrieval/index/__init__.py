"""rank-bm25's scores in a sparse layout: segments of postings in arrays, statistics apart from them.

An addition rewrites nothing that is stored: a posting holds a code for (frequency, passage length), and what depends
on the whole corpus (how rare a word is, how long passages are) is computed when a question comes.
"""
