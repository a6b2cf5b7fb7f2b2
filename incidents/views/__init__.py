"""The pages of the dashboard. Only they and `dashboard.py` know Streamlit."""
