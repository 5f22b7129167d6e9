"""The smallest Streamlit app: a heading, a sentence and a button."""

import streamlit as st

st.title("Hello, world")
st.write("This page does nothing.")
st.button("Press")
