"""Streamlit apps to measure ours against."""
