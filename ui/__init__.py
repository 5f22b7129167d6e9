"""The page: the only floor that knows Streamlit and the browser."""
