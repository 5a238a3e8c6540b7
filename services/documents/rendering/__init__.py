"""From a command to a file's bytes, in processes that have nothing but their own templates.

pool      processes at work: bounded in time, memory and number of jobs, started anew when one dies
worker    what such a process does; locks itself up first
sheets    WeasyPrint: a view and a template become a PDF
views     what a template is given;  wording: in which words;  logos: pictures judged by their content
printing  many files joined into one, flat in memory
"""
