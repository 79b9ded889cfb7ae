PYTHON ?= python3
Q ?= 滨城区2020年新增就业多少
